import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A capture in a container", .serialized)
struct ContainerCaptureTests {
    @Test(
        "is one like any other: it replays outside, and one made outside replays in it; nothing is left",
        arguments: TestedRuntime.allCases
    )
    func bothWays(runtime: TestedRuntime) async throws {
        try await withEngineImage(runtime) { pandacap, image, folder in
            let traces = (folder / "a 'b',c").string
            let inside = try await pandacap([
                "record", try await ResumedGuest.shared.name(), "--engine", "container:\(image)", "-o",
                traces, "--run-id", "inside",
                "--",
                "sh", "-c", "uname -r; exit 3",
            ])
            #expect(inside.status == .exited(3), "\(inside.standardError)")
            let files = RunFolder(HostPath(traces) / "runs/inside")
            let record = try RunRecord.read(from: files)
            #expect(record.state == .verified && record.commands.first?.status == 3)
            #expect(record.engine.container?.name == image)
            #expect(record.engine.container?.id.hasPrefix("sha256:") == true)
            #expect(record.confined && record.warnings.isEmpty)
            #expect(try FileSystem.readText(files.engineLog).contains("recctrl"))
            #expect(try Self.owners(files.path) == [geteuid()])
            let host = try await pandacap("replay", files.path.string)
            #expect(host.status == .exited(0), "\(host.standardError)")
            let engine = try #require(try RunRecord.read(from: files).recordings.first?.verification)
            #expect(engine.engineSHA256 == record.engine.sha256)

            let outside = try await pandacap([
                "record", try await ResumedGuest.shared.name(), "-o", traces, "--run-id", "outside", "--",
                "true",
            ])
            #expect(outside.status == .exited(0), "\(outside.standardError)")
            let replay = try await pandacap([
                "replay", "\(traces)/runs/outside", "--engine", "container:\(image)", "--plugin",
                "coverage:filename=blocks.csv", "--output", (folder / "out").string,
            ])
            #expect(replay.status == .exited(0), "\(replay.standardError)")
            #expect((FileSystem.size(folder / "out/blocks.csv") ?? 0) > 1000)
            #expect(try Self.owners(folder / "out") == [geteuid()])
            try await expectNothingLeft(runtime, pandacap)
        }
    }

    @Test("has no rights of root's, and sees nothing of the host but what it is given")
    func walls() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            let (seen, _) = try await pandacap.beside(
                [
                    "record", try await ResumedGuest.shared.name(), "--engine", "container:\(image)", "-o",
                    (folder / "t").string,
                    "--run-id", "walls", "--login",
                ],
                in: folder
            ) { child -> (String, String, [Substring]) in
                _ = try await poll(for: .seconds(120)) { words(of: folder).contains("ssh -F") ? true : nil }
                let name = "\(image)-walls"
                let look = try await Tool("docker").output(
                    [
                        "exec", name, "sh", "-c",
                        """
                        echo uid $(id -u) groups $(id -G)
                        grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status
                        touch /tmp/t && echo tmp written
                        for place in / /opt/panda /etc "$1" "$1/.."; do touch "$place/t" 2>/dev/null && echo "$place written"; done
                        ls "$1/.."; ls "$2"
                        """,
                        "sh", (folder / "t/runs/walls/rr").string, pandacap.home.string,
                    ],
                    environment: pandacap.environment
                )
                let limits = try await TestedRuntime.docker(
                    "inspect",
                    "--format",
                    "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.Privileged}} {{.HostConfig.Ulimits}}",
                    name
                )
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(60))
                return (look.standardOutput, limits, look.standardError.split(separator: "\n"))
            }
            let lines = Set(seen.0.split(separator: "\n").map(String.init))
            #expect(lines.contains("uid 1000 groups 1000 0"), "\(seen)")
            #expect(
                lines.contains("CapEff:\t0000000000000000") && lines.contains("CapBnd:\t0000000000000000")
            )
            #expect(lines.contains("NoNewPrivs:\t1") && lines.contains("tmp written"))
            #expect(lines.filter { $0.hasSuffix(" written") }.count == 2)
            #expect(lines.contains("\(folder / "t/runs/walls/rr") written"))
            #expect(lines.isDisjoint(with: ["run.json", "run.lock", "engine.log", "engines"]), "\(lines)")
            #expect(seen.1.hasPrefix("\((64 << 21) + (1 << 30)) 512 false"), "\(seen.1)")
            #expect(seen.1.contains("fsize"))
        }
    }

    @Test("resumes a guest; five at once, and nothing is left of any")
    func five() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            try await withCopy(of: "tiny-i386", in: pandacap) { guest in
                let engine = ["--engine", "container:\(image)"]
                let warm = try await pandacap(["image", "warm", guest] + engine)
                #expect(warm.status == .exited(0), "\(warm.standardError)")
                let outputs = try await withThrowingTaskGroup(of: ToolOutput.self) { group in
                    for number in 1...5 {
                        group.addTask {
                            try await pandacap(
                                ["record", guest, "-o", (folder / "t").string, "--run-id", "r\(number)"]
                                    + engine + ["--", "sh", "-c", "hostname; sleep 1"]
                            )
                        }
                    }
                    var outputs: [ToolOutput] = []
                    for try await output in group { outputs.append(output) }
                    return outputs
                }
                for output in outputs {
                    #expect(output.status == .exited(0), "\(output.standardError)")
                }
                for number in 1...5 {
                    let record = try RunRecord.read(from: RunFolder(folder / "t/runs/r\(number)"))
                    #expect(record.state == .verified && record.start.warmState != nil)
                }
                try await expectNothingLeft(.docker, pandacap)
            }
        }
    }

    @Test("can use the PANDA of somebody else's image, which has nothing of ours")
    func otherImage() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            let recipe = """
                FROM \(image)
                LABEL org.pandacap.kind="" org.pandacap.engine.i386=""
                ENV PATH=/usr/local/bin:/usr/bin:/bin PANDA_PATH=
                RUN rm -rf /sbin/my_init /sbin/setuser /etc/my_init.d && mkdir -p /usr/local/lib/panda && \
                    ln -s /opt/panda/data/i386-softmmu/panda/plugins /usr/local/lib/panda/i386
                COPY panda-system-i386 /usr/local/bin/panda-system-i386
                ENTRYPOINT ["/bin/false"]

                """
            let program = """
                #!/bin/sh
                exec /opt/panda/bin/panda-system-i386 "$@"

                """
            let other = "pandacap-lab-other"
            try FileSystem.createDirectory(folder / "other")
            try FileSystem.write(recipe, to: folder / "other/Dockerfile")
            try FileSystem.write(program, to: folder / "other/panda-system-i386", mode: 0o755)
            try await TestedRuntime.docker("build", "--quiet", "--tag", other, (folder / "other").string)
            let engine = ["--engine", "container:\(other)"]
            let output = try await pandacap(
                ["record", "tiny-i386", "-o", folder.string, "--run-id", "one"]
                    + engine + ["--", "true"]
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            let run = RunFolder(folder / "runs/one")
            let record = try RunRecord.read(from: run)
            #expect(record.state == .verified && record.engine.program == "/usr/local/bin/panda-system-i386")
            let replay = try await pandacap(
                ["replay", run.path.string, "--plugin", "coverage:filename=blocks.csv", "--output"]
                    + [(folder / "out").string] + engine
            )
            #expect(replay.status == .exited(0), "\(replay.standardError)")
            #expect(FileSystem.exists(folder / "out/blocks.csv"))
            // Its init, which it does not have, is left out where the user says so.
            let original = ["-d", "tiny-i386", "--docker-image", other, "-o", folder.string]
            let refused = try await pandacap(original + ["rec"])
            #expect(refused.status == .exited(69), "\(refused.standardError)")
            #expect(refused.standardError.contains("--docker-no-init"), "\(refused.standardError)")
        }
    }

    @Test("is customised by the container's side of a bundle, whose failure is the run's")
    func bundle() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            let scripts = folder / "lab/scripts"
            try FileSystem.createDirectory(scripts)
            try FileSystem.write(
                "#!/bin/sh\necho \"$(id -u) $BOOTSTRAP_DIR {{ VM_SSH_PORT }}\" > \"$PANDA_PATH/share/rr/note\"\n",
                to: scripts / "docker_10_note.sh.j2",
                mode: 0o755
            )
            let words = [
                "record", try await ResumedGuest.shared.name(), "--engine", "container:\(image)",
                "--bootstrap", "./lab", "--set",
                "VM_SSH_PORT=10022", "-o", "t",
                "--run-id",
            ]
            let output = try await pandacap(words + ["one", "--", "true"], in: folder)
            #expect(output.status == .exited(0), "\(output.standardError)")
            let files = RunFolder(folder / "t/runs/one")
            #expect(
                try FileSystem.readText(files.recordings / "note") == "0 /opt/panda/share/bootstrap 10022\n"
            )
            try FileSystem.write(
                "#!/bin/sh\nerr 'no %s here' luck\nexit 5\n",
                to: scripts / "docker_20_fail.sh",
                mode: 0o755
            )
            let failed = try await pandacap(words + ["two", "--", "true"], in: folder)
            #expect(failed.status == .exited(69))
            #expect(
                failed.standardError.contains("20_fail.sh: error: no luck here"),
                "\(failed.standardError)"
            )
            #expect(failed.standardError.contains("exited with status 5"))
            try await expectNothingLeft(.docker, pandacap)
        }
    }

    @Test(
        "ssh-honeypot-alt: a visitor comes to the container with any password, is led on, and leaves a cast"
    )
    func relay() async throws {
        try await withDebian("debian-12") { pandacap, guest, folder in
            var pandacap = pandacap
            pandacap.environment = try await TestedRuntime.docker.environment
            let image = "pandacap-lab-relay"
            let built = try await pandacap([
                "container", "build", "--engine", "managed", "--base", "mmdebstrap", "--arch", "x86_64",
                "--tag", image, "--set", "IMAGE_EXTRA_PACKAGES=openssh-server asciinema",
            ])
            #expect(built.status == .exited(0), "\(built.standardError)")
            let port = try HostPort.choose()
            let visits = try await visiting(
                [
                    "record", guest, "--engine", "container:\(image)", "--bootstrap", "ssh-honeypot-alt",
                    "--login", "--container-port", "22:\(port)", "--recordings", "2",
                ],
                pandacap,
                folder
            ) { _, _ in
                let visitor = Visitor(port: port)
                return [
                    try await visitor.run("ssh", "echo \"it's $(cat /etc/hostname)\"; exit 4"),
                    try await visitor.run("sftp", "ls /etc/hostname"),
                ]
            }
            #expect(
                visits[0].status == .exited(4) && visits[0].standardOutput == "it's debian\n",
                "\(visits)"
            )
            #expect(visits[1].standardOutput.contains("/etc/hostname"), "\(visits)")
            let (record, files) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified && record.recordings.count == 2)
            let casts = FileSystem.list(files.recordings).filter { $0.hasSuffix(".cast") }
            #expect(casts.count == 1 && FileSystem.owner(of: files.recordings / casts[0]) == geteuid())
            #expect(try FileSystem.readText(files.recordings / casts[0]).contains("it's debian"))
            try await expectNothingLeft(.docker, pandacap)
        }
    }

    @Test(
        "rec --docker-image records as the original's call did, with its mounts, and its files where they were"
    )
    func original() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            for name in ["rr", "boot"] { try FileSystem.createDirectory(folder / name) }
            try FileSystem.write(
                "#!/bin/sh\nls /opt/panda/share > /opt/panda/share/rr/seen\n",
                to: folder / "boot/bootstrap.sh",
                mode: 0o755
            )
            let (_, status) = try await pandacap.beside(
                [
                    "-d", "tiny-i386", "--docker-image", image, "-M", "rr:rr", "-M", "bootstrap:boot",
                    "--run-id", "7", "-o", "t", "rec", "--panda", "recctrl:session_rec=y,nrec=1",
                ],
                in: folder
            ) { child in
                _ = try await poll(for: .seconds(120)) {
                    words(of: folder).contains("waiting for the guest") ? true : nil
                }
                // Nobody in this guest calls recctrlu by itself.
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(130), "\(words(of: folder))")
            #expect(try FileSystem.readText(folder / "rr/seen") == "bootstrap\nqcow\nrr\n")
            #expect(try onlyRun(in: folder / "t").record.id.description == "00007")
            try await expectNothingLeft(.docker, pandacap)
        }
    }

    /// Who owns the files of a folder.
    private static func owners(_ folder: HostPath) throws -> Set<uid_t> {
        var owners: Set<uid_t> = []
        let names = FileManager.default.enumerator(atPath: folder.string)
        while let name = names?.nextObject() as? String {
            FileSystem.owner(of: folder / name).map { _ = owners.insert($0) }
        }
        return owners
    }
}

/// The program with everything in place, an image with the engine, and an empty folder.
func withEngineImage(
    _ runtime: TestedRuntime,
    _ body: (Pandacap, String, HostPath) async throws -> Void
) async throws {
    try await withLab { pandacap, folder in
        let image = try await builtImage(runtime)
        var pandacap = pandacap
        pandacap.environment = try await runtime.environment
        try await body(pandacap, image, folder)
    }
}

/// No container of a run's, and no private folder.
func expectNothingLeft(_ runtime: TestedRuntime, _ pandacap: Pandacap) async throws {
    let names = try await runtime(
        "ps",
        "--all",
        "--filter",
        "label=org.pandacap.kind=run",
        "--format",
        "{{.Names}}"
    )
    #expect(names.split(separator: "\n").filter { $0.contains("pandacap-lab") }.isEmpty, "\(names)")
    #expect(FileSystem.list(Storage.runtimeDirectory("x").parent).filter { $0 != ".lock" }.isEmpty)
}
