import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A bundle customises the guest", .serialized)
struct BundleTests {
    /// A bundle with these files; scripts can be run.
    private func makeBundle(_ files: [String: String], in folder: HostPath) throws -> String {
        for (name, text) in files {
            let path = folder / name
            try FileSystem.createDirectory(path.parent)
            try FileSystem.write(text, to: path, mode: name.hasPrefix("scripts/") ? 0o755 : 0o644)
        }
        return folder.string
    }

    private func record(_ words: [String], _ pandacap: Pandacap, in folder: HostPath) async throws
        -> ToolOutput
    {
        try await pandacap(["record", "tiny-i386", "-o", "traces"] + words, in: folder)
    }

    @Test("before it is recorded, from paths with blanks and quotes to a trace in such a path")
    func customised() async throws {
        try await withLab { pandacap, scratch in
            let folder = scratch / "it's a \"place\", é"
            try FileSystem.createDirectory(folder)
            let bundle = try makeBundle(
                [
                    "bootstrap.env.j2":
                        "export WHO={{ WHO|sh }}\nexport HERE={{ RUN_ID }}:{{ RUN_HOSTNAME }}:{{ RUN_USER }}\n",
                    "files/a \"note\"": "a note\n",
                    "scripts/vm_10_note.sh":
                        "#!/bin/sh\nmsg 'for %s' \"$WHO\"\ncp \"$BOOTSTRAP_FILES_DIR\"/a* \"/root/it's\"\n",
                    "scripts/vm_20_who.sh":
                        "#!/bin/sh\necho \"$WHO $HERE\" >>\"/root/it's\"\ncat \"$BOOTSTRAP_FILES_DIR\"/*.pub >>/root/keys\n",
                ],
                in: folder / "my bundle"
            )
            let collection = folder / "traces, $HOME"
            let runtime = scratch / #"r "x",\%h"#
            try FileSystem.createDirectory(runtime, mode: 0o700)
            var pandacap = pandacap
            pandacap.environment["XDG_RUNTIME_DIR"] = runtime.string
            let output = try await pandacap(
                "record",
                "tiny-i386",
                "-o",
                collection.string,
                "--run-id",
                "one",
                "--hostname",
                "web1",
                "--bootstrap",
                bundle,
                "--set",
                "WHO=o'hara \"$x\"",
                "--",
                "cat",
                "/root/it's",
                "/root/keys",
                in: folder
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            let lines = output.standardOutput.split(separator: "\n").map(String.init)
            #expect(lines.prefix(2) == ["a note", "o'hara \"$x\" one:web1:root"])
            #expect(lines.dropFirst(2).first?.hasPrefix("ssh-ed25519 ") == true)
            let (record, files) = try onlyRun(in: collection)
            #expect(record.state == .verified)
            let noted = try #require(record.bundle)
            #expect(noted.status == 0 && noted.scripts.map(\.status) == [0, 0])
            #expect(noted.scripts.map(\.name) == ["10_note.sh", "20_who.sh"])
            #expect(noted.settings == ["WHO": "o'hara \"$x\""])
            #expect(noted.output.contains("10_note.sh: for o'hara \"$x\""))
            let replay = try await pandacap(
                "replay",
                files.path.string,
                "--plugin",
                "coverage:filename=blocks.csv",
                "--output",
                (folder / "out 'put'").string
            )
            #expect(replay.status == .exited(0), "\(replay.standardError)")
            #expect(FileSystem.exists(folder / "out 'put'/blocks.csv"))
        }
    }

    @Test("and says what is recorded, whose exit status is the run's")
    func workload() async throws {
        try await withLab { pandacap, folder in
            let bundle = try makeBundle(
                [
                    "scripts/vm_10_install.sh":
                        "#!/bin/sh\ncp \"$BOOTSTRAP_FILES_DIR/sample\" /root/sample\nchmod 755 /root/sample\n",
                    "workload.sh.j2": "#!/bin/sh\n/root/{{ RUN_FILES[0]|sh }} {{ WORDS|sh }}\n",
                ],
                in: folder / "bundle"
            )
            try FileSystem.write("#!/bin/sh\necho \"ran with $1\"\nexit 5\n", to: folder / "sample")
            let output = try await record(
                ["--workload", bundle, "--add", "sample", "--set", "WORDS=a b"],
                pandacap,
                in: folder
            )
            #expect(output.status == .exited(5), "\(output.standardError)")
            #expect(output.standardOutput.hasPrefix("ran with a b\n"))
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified)
            #expect(record.bundle?.added["sample"]?.count == 64)
        }
    }

    @Test("that fails makes the run fail before anything is recorded, and says where")
    func failure() async throws {
        try await withLab { pandacap, folder in
            let bundle = try makeBundle(
                [
                    "scripts/vm_10_good.sh": "#!/bin/sh\n",
                    "scripts/vm_20_bad.sh": "#!/bin/sh\necho some words\nexit 9\n",
                    "scripts/vm_30_never.sh": "#!/bin/sh\n",
                ],
                in: folder / "bundle"
            )
            let output = try await record(["--bootstrap", bundle, "--", "true"], pandacap, in: folder)
            #expect(output.status == .exited(76))
            #expect(output.standardOutput.contains("its script 20_bad.sh ended with status 9"))
            let (record, files) = try onlyRun(in: folder / "traces")
            #expect(record.state == .failed)
            #expect(record.bundle?.scripts.map(\.status) == [0, 9, nil])
            #expect(record.bundle?.output.contains("some words") == true)
            #expect(FileSystem.list(files.recordings).isEmpty)
        }
    }

    @Test("that hangs is given up in time, and the script that hangs is named")
    func hanging() async throws {
        try await withLab { pandacap, folder in
            let bundle = try makeBundle(
                ["scripts/vm_10_hang.sh": "#!/bin/sh\necho before\nsleep 1000\n"],
                in: folder / "bundle"
            )
            let output = try await record(
                ["--bootstrap", bundle, "--bootstrap-timeout", "3s", "--", "true"],
                pandacap,
                in: folder
            )
            #expect(output.status == .exited(76))
            #expect(output.standardOutput.contains("its script 10_hang.sh did not end in time"))
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.bundle?.status == nil && record.bundle?.output == ["before"])
        }
    }

    @Test("with a template that is wrong is told before a guest is started")
    func template() async throws {
        try await withLab { pandacap, folder in
            let bundle = try makeBundle(
                ["files/x.conf.j2": "a\n{{ NOTHING }}\n{{ open\n"],
                in: folder / "bundle"
            )
            let output = try await record(["--bootstrap", bundle, "--", "true"], pandacap, in: folder)
            #expect(output.status == .exited(78))
            #expect(output.standardError.contains("bundle/files/x.conf.j2:3: "))
            let (record, files) = try onlyRun(in: folder / "traces")
            #expect(record.state == .failed)
            #expect(!FileSystem.exists(files.engineLog))
        }
    }

    @Test(
        "written for the original, goes through boot, login with any password, recording and replay on Debian"
    )
    func original() async throws {
        try await withDebian("debian-12") { pandacap, image, folder in
            let fixture = try Installation.locate().root / "Tests/EndToEndTests/Fixtures/original-bundle"
            let visits = try await visiting(
                [
                    "record", image, "--login", "--recordings", "2", "--port-fwd", "sftp:0", "--bootstrap",
                    fixture.string, "--set", "VM_USER=root",
                ],
                pandacap,
                folder
            ) { ports, _ in
                [
                    try await Visitor(port: ports.hostPort(of: 22)).run("ssh", "id"),
                    try await Visitor(port: ports.hostPort(of: 2222)).run("sftp", "ls /etc/hostname"),
                ]
            }
            #expect(visits[0].standardOutput.hasPrefix("uid=0(root)"), "\(visits[0].standardError)")
            #expect(visits[0].standardError.contains("shells are served here"))
            #expect(visits[1].standardOutput.contains("/etc/hostname"), "\(visits[1].standardError)")
            #expect(visits[1].standardError.contains("files are served here"))
            let (record, files) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified && record.recordings.count == 2)
            #expect(record.bundle?.scripts.map(\.status) == [0, 0, 0, 0])
            // The disk that the bundle came on is gone: the recording's machine does not know it.
            #expect(!record.command.arguments.contains { $0.hasPrefix("usb-storage,") })
            let replay = try await pandacap("replay", files.path.string)
            #expect(replay.status == .exited(0), "\(replay.standardError)")
        }
    }
}
