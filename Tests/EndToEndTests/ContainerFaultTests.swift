import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A capture in a container that goes wrong", .serialized)
struct ContainerFaultTests {
    /// Starts a recording that would last a minute, and does something to it.
    private func recording(
        _ pandacap: Pandacap,
        _ image: String,
        _ folder: HostPath,
        _ options: [String] = [],
        body: (ChildProcess) async throws -> Void
    ) async throws -> HostSupport.ExitStatus {
        let (_, status) = try await pandacap.beside(
            [
                "record", try await ResumedGuest.shared.name(), "--engine", "container:\(image)", "-o",
                (folder / "t").string,
                "--run-id",
                "one",
            ] + options + ["--", "sleep", "60"],
            in: folder
        ) { child in
            try await waitForRecording(folder / "t")
            try await Task.sleep(for: .seconds(1))
            try await body(child)
            _ = try await child.exit(within: .seconds(120))
        }
        return status
    }

    @Test("pandacap is killed: the engine ends the recording, the container goes, and the trace is found")
    func pandacapIsKilled() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            _ = try await recording(pandacap, image, folder) { $0.signal(SIGKILL) }
            let isGone = try await poll(for: .seconds(60), every: .milliseconds(200)) {
                try await TestedRuntime.docker("ps", "-a", "--format", "{{.Names}}").contains("\(image)-one")
                    ? nil : true
            }
            #expect(isGone == true)
            let (_, files) = try onlyRun(in: folder / "t")
            let replay = try await pandacap("replay", files.path.string)
            #expect(replay.status == .exited(0), "\(replay.standardError)")
            #expect(try RunRecord.read(from: files).state == .verified)
            #expect(FileSystem.owner(of: files.recordings / "session_000-rr-snp") == geteuid())
        }
    }

    @Test("what started the container is killed: the recording is ended, kept and proven")
    func clientIsKilled() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            let status = try await recording(pandacap, image, folder) { _ in
                try await Tool("pkill", package: "procps").run(["-KILL", "-f", "docker run .*\(image)-one"])
            }
            #expect(status == .exited(69), "\(words(of: folder))")
            #expect(words(of: folder).contains("the container's runtime went away"))
            #expect(try onlyRun(in: folder / "t").record.state == .verified)
            try await expectNothingLeft(.docker, pandacap)
        }
    }

    @Test("the engine is killed: it is said as without a container")
    func engineIsKilled() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            let status = try await recording(pandacap, image, folder) { _ in
                try await TestedRuntime.docker("kill", "\(image)-one")
            }
            #expect(status == .exited(71))
            let (record, _) = try onlyRun(in: folder / "t")
            #expect(record.state == .failed)
            #expect(
                record.reason?.contains("the engine was ended by SIGKILL") == true,
                "\(record.reason ?? "")"
            )
            try await expectNothingLeft(.docker, pandacap)
        }
    }

    @Test("a file gets too large: the engine is ended before the disk is full")
    func fileIsTooLarge() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            let output = try await pandacap([
                "record", try await ResumedGuest.shared.name(), "--engine", "container:\(image)",
                "--container-file-size", "1M", "-o",
                folder.string, "--", "true",
            ])
            #expect(output.status == .exited(71), "\(output.standardError)")
            let (record, files) = try onlyRun(in: folder)
            #expect(record.reason?.contains("SIGXFSZ") == true, "\(record.reason ?? "")")
            for name in FileSystem.list(files.recordings) {
                #expect((FileSystem.size(files.recordings / name) ?? 0) <= 1 << 20)
            }
            try await expectNothingLeft(.docker, pandacap)
        }
    }

    @Test("Docker's daemon dies: the trace so far is finished, and found when the daemon is back")
    func daemonDies() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            try await withOwnDocker(having: image, folder / "d") { environment, start in
                var pandacap = pandacap
                pandacap.environment = environment
                let status = try await recording(pandacap, image, folder) { _ in
                    let process = try FileSystem.readText(folder / "d/pid")
                    kill(
                        try #require(Int32(process.trimmingCharacters(in: .whitespacesAndNewlines))),
                        SIGKILL
                    )
                }
                #expect(status == .exited(69), "\(words(of: folder))")
                #expect(words(of: folder).contains("not proven to replay"), "\(words(of: folder))")
                let (record, files) = try onlyRun(in: folder / "t")
                #expect(record.state == .recorded)
                try await start()
                let replay = try await pandacap(
                    "replay",
                    files.path.string,
                    "--engine",
                    "container:\(image)"
                )
                #expect(replay.status == .exited(0), "\(replay.standardError)")
                let left = try await Tool("docker").run(
                    ["ps", "--all", "--format", "{{.Names}} {{.Status}}"],
                    environment: environment
                )
                #expect(left.isEmpty, "\(left)")
            }
        }
    }

    private func refuses(
        _ arguments: [String],
        _ environment: [String: String] = [:],
        code: Int32,
        saying words: String...
    ) async throws {
        try await withEngineImage(.docker) { pandacap, _, folder in
            var pandacap = pandacap
            pandacap.environment.merge(environment) { $1 }
            let output = try await pandacap(arguments, in: folder)
            #expect(output.status == .exited(code), "\(output.standardError)")
            for word in words { #expect(output.standardError.contains(word), "\(output.standardError)") }
            #expect(!FileSystem.exists(folder / "traces/runs"))
        }
    }

    @Test("no daemon, no such image, an image without an engine, a user that it does not know")
    func unusableImages() async throws {
        let image = try await builtImage(.docker)
        try await refuses(
            ["record", "tiny", "--container", "--", "true"],
            ["DOCKER_HOST": "unix:///nowhere/docker.sock"],
            code: 69,
            saying: "does not answer",
            "dockerd"
        )
        try await refuses(
            ["record", "tiny", "--engine", "container:pandacap-none", "--", "true"],
            code: 66,
            saying: "no container image 'pandacap-none'",
            "container build"
        )
        try await refuses(
            ["record", "tiny", "--engine", "container:pandacap-base:bookworm", "--", "true"],
            code: 69,
            saying: "has no engine for x86_64 guests"
        )
        try await refuses(
            ["record", "tiny", "--engine", "container:\(image)", "--container-user", "eve", "--", "true"],
            code: 66,
            saying: "no user 'eve'"
        )
        try await refuses(
            ["record", "tiny", "--engine", "container:\(image)", "--plugin", "nonesuch", "--", "true"],
            code: 69,
            saying: "no plugin 'nonesuch'"
        )
    }

    @Test("options of a container without one, a name in use, a port that is taken, a place that is none")
    func options() async throws {
        let image = try await builtImage(.docker)
        try await refuses(
            ["record", "tiny", "--container-memory", "2G", "--", "true"],
            code: 64,
            saying: "the engine is in none"
        )
        try await refuses(
            ["record", "tiny", "--container", "--container-network", "none", "--", "true"],
            code: 64,
            saying: "without a network"
        )
        try await refuses(
            ["-d", "tiny-i386", "--docker-image", image, "-M", "etc:/etc", "rec"],
            code: 64,
            saying: "'etc:/etc' is no mount"
        )
        try await refuses(
            ["-d", "tiny-i386", "--docker-image", image, "-M", "rr:/nowhere", "rec"],
            code: 66,
            saying: "no folder '/nowhere'"
        )
        try await withTakenPort { port in
            for option in ["--port-fwd", "--container-port"] {
                try await refuses(
                    ["record", "tiny", "--engine", "container:\(image)", option, "22:\(port)", "--", "true"],
                    code: 69,
                    saying: "port \(port) at 127.0.0.1 is taken"
                )
            }
        }
        let name = "\(image)-taken"
        try await TestedRuntime.docker("create", "--name", name, "--entrypoint", "/bin/true", image)
        defer { Task { try await TestedRuntime.docker("rm", name) } }
        try await refuses(
            ["record", "tiny", "--engine", "container:\(image)", "--run-id", "taken", "--", "true"],
            code: 69,
            saying: "there is a container '\(name)' already"
        )
        try await TestedRuntime.docker("rm", name)
    }
}

/// Removes the bridges that tests left which were killed: packets would take the route to theirs.
private func removeBridgesOfTheDead() async throws {
    for name in FileSystem.list("/sys/class/net") where name.hasPrefix("pandacap") {
        guard let process = Int32(name.dropFirst("pandacap".count)), kill(process, 0) != 0 else { continue }
        try await Tool("ip", package: "iproute2").run(["link", "delete", name])
    }
}

/// A daemon of Docker's with a network of its own, beside the others', and with an image of theirs.
private func withOwnDocker(
    having image: String,
    _ folder: HostPath,
    _ body: ([String: String], () async throws -> Void) async throws -> Void
) async throws {
    try FileSystem.createDirectory(folder)
    let sockets = HostPath("/run/pandacap-own-\(UUID().uuidString.prefix(8))")
    try FileSystem.createDirectory(sockets, mode: 0o700)
    let socket = "unix://\(sockets)/docker.sock"
    let environment = ["PANDACAP_CONTAINER_RUNTIME": "docker", "DOCKER_HOST": socket]
    // One without a network would take the others' away.
    let bridge = "pandacap\(ProcessIdentity.current)"
    let network = Tool("ip", package: "iproute2")
    try await removeBridgesOfTheDead()
    try await network.run(["link", "add", bridge, "type", "bridge"])
    try await network.run(["address", "add", "198.51.100.1/24", "dev", bridge])
    try await network.run(["link", "set", bridge, "up"])
    let command = LaunchCommand(
        executable: try Installation.locate().root / ".build/launcher/panda-guard",
        arguments: [
            "--lifeline", "\(ProcessIdentity.current)",
            try Tool("dockerd", package: "docker.io").located().string, "--host", socket, "--data-root",
            (folder / "root").string, "--exec-root", (sockets / "exec").string, "--pidfile",
            (folder / "pid").string, "--bridge", bridge, "--iptables=false",
        ],
        workingDirectory: folder
    )
    @Sendable func start() async throws {
        // Where nobody reaps what was killed, its number stays taken, and the next one waits for it.
        for file in [folder / "pid", sockets / "exec/containerd/containerd.pid"] {
            try FileSystem.remove(file)
        }
        Task.detached {
            try await ChildProcess.run(command, log: folder / "log") { daemon in _ = try await daemon.exit() }
        }
        let answers = try await poll(for: .seconds(60), every: .milliseconds(200)) { () -> Bool? in
            let answer = try await Tool("docker").output(["info"], environment: environment)
            return answer.status == .exited(0) ? true : nil
        }
        #expect(answers == true)
    }
    try await start()
    let archive = folder / "image.tar"
    try await TestedRuntime.docker("save", "--output", archive.string, image)
    try await Tool("docker").run(["load", "--quiet", "--input", archive.string], environment: environment)
    let failure: (any Error)?
    do {
        try await body(environment, start)
        failure = nil
    } catch {
        failure = error
    }
    let process = try FileSystem.readText(folder / "pid").trimmingCharacters(in: .whitespacesAndNewlines)
    if let process = Int32(process) { kill(process, SIGTERM) }
    _ = try await poll(for: .seconds(30)) { FileSystem.exists(folder / "pid") ? nil : true }
    _ = try await network.output(["link", "delete", bridge])
    // The daemon that was killed has not let go of it.
    while try await Tool("umount").output(["--lazy", (folder / "root").string]).status == .exited(0) {}
    _ = try await Tool("umount").output([(sockets / "exec/netns/default").string])
    try? FileSystem.remove(sockets)
    if let failure { throw failure }
}
