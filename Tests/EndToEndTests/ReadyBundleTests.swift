import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("The ready bundles", .serialized)
struct ReadyBundleTests {
    @Test("each is sound, and can be rendered with the variables as they are shipped")
    func render() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            let names = FileSystem.list(try Installation.locate().bootstrap)
                .filter { FileSystem.isDirectory((try? Installation.locate().bootstrap / $0) ?? "") }
            #expect(
                names == [
                    "command", "container-ssh", "provenance", "sample", "ssh-honeypot", "ssh-honeypot-alt",
                ]
            )
            try FileSystem.write("x", to: folder / "it's \"x\"")
            for name in names {
                let output = try await pandacap(
                    "bootstrap",
                    "render",
                    name,
                    "--out",
                    "run.\(name)",
                    "--set",
                    "COMMAND=echo 'it''s'",
                    "--add",
                    "it's \"x\"",
                    in: folder
                )
                #expect(output.status == .exited(0), "\(name): \(output.standardError)")
                #expect(output.standardError.isEmpty, "\(output.standardError)")
                for side in ["docker", "vm"] {
                    let path = folder / "run.\(name)/\(side)"
                    for script in FileSystem.list(path / "scripts").map({ path / "scripts/\($0)" }) {
                        let shell = try FileSystem.readText(script).hasPrefix("#!/bin/bash") ? "bash" : "sh"
                        try await Tool(shell).run(["-n", script.string])
                    }
                }
            }
        }
    }

    @Test("many processes render into one folder at once, and agree")
    func manyProcesses() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            try await withThrowingTaskGroup(of: ToolOutput.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await pandacap(
                            "bootstrap",
                            "render",
                            "ssh-honeypot",
                            "--out",
                            "run.1",
                            in: folder
                        )
                    }
                }
                for try await output in group {
                    #expect(output.status == .exited(0), "\(output.standardError)")
                }
            }
            let keys = try ["", "docker/files/", "vm/files/"].map {
                try FileSystem.readText(folder / "run.1/\($0)id_ed25519.pub")
            }
            #expect(Set(keys).count == 1)
            let left = FileSystem.list(folder / "run.1")
            #expect(left == [".lock", "docker", "id_ed25519", "id_ed25519.pub", "vm"])
        }
    }

    @Test("'command' records a command line as the user it is for, ends it in time, and gives its status")
    func command() async throws {
        try await withLab { pandacap, folder in
            func run(_ settings: [String]) async throws -> ToolOutput {
                try await pandacap(
                    ["record", "tiny-i386", "-q", "-o", "traces", "--workload", "command"]
                        + settings.flatMap { ["--set", $0] },
                    in: folder
                )
            }
            let line = "echo \"it's\" $HOME | tr a-z A-Z; pwd; exit 7"
            let done = try await run(["COMMAND=\(line)", "COMMAND_FOLDER=/etc"])
            #expect(done.status == .exited(7), "\(done.standardError)")
            #expect(done.standardOutput.hasPrefix("IT'S /ROOT\n/etc\n"))
            let late = try await run(["COMMAND=sleep 100 & sleep 99", "COMMAND_TIME=2"])
            #expect(late.status == .exited(124), "\(late.standardOutput)")
        }
    }

    @Test("'sample' runs a file of the host as nobody, and gives its status")
    func sample() async throws {
        try await withDebian("debian-12") { pandacap, image, folder in
            try FileSystem.write("#!/bin/sh\nid -un; echo \"$1\"; pwd; exit 3\n", to: folder / "a 'sample'")
            let output = try await pandacap(
                "record",
                image,
                "-q",
                "-o",
                "traces",
                "--workload",
                "sample",
                "--add",
                "a 'sample'",
                "--set",
                "SAMPLE_ARGUMENTS='two words'",
                in: folder
            )
            #expect(output.status == .exited(3), "\(output.standardError)")
            #expect(output.standardOutput.hasPrefix("nobody\ntwo words\n/tmp\n"), "\(output.standardOutput)")
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified)
        }
    }

    @Test("'ssh-honeypot' has shells on one port and files on the other, for whoever comes, and records both")
    func honeypot() async throws {
        try await withDebian("debian-12") { pandacap, image, folder in
            let words = ["record", image, "--login", "--recordings", "2", "--port-fwd", "sftp:0"]
            let visits = try await visiting(words + ["--bootstrap", "ssh-honeypot"], pandacap, folder) {
                ports,
                _ in
                [
                    try await Visitor(port: ports.hostPort(of: 22)).run("ssh", "id; exit 4"),
                    try await Visitor(port: ports.hostPort(of: 2222)).run("sftp", "ls /etc/hostname"),
                    try await Visitor(port: ports.hostPort(of: 2222)).run("ssh", "id"),
                ]
            }
            #expect(visits[0].standardOutput.hasPrefix("uid=0(root)"), "\(visits[0].standardError)")
            #expect(visits[0].status == .exited(4))
            #expect(visits[1].standardOutput.contains("/etc/hostname"), "\(visits[1].standardError)")
            #expect(!visits[2].standardOutput.contains("uid="))
            let banners = visits.prefix(2).map(\.standardError)
            #expect(banners[0] != banners[1] && !banners[0].isEmpty && !banners[1].isEmpty)
            let (record, files) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified && record.recordings.count >= 2)
            let peers = try #require(try RunPeers.read(from: files)).peers
            #expect(Set(peers.map(\.guestPort)).isSuperset(of: [22, 2222]))
            #expect(peers.allSatisfy { $0.address == "10.0.2.2" })
            #expect(Set(peers.flatMap(\.users)).isSuperset(of: ["root"]), "\(peers)")
            #expect(peers.contains { $0.banner?.hasPrefix("SSH-2.0-OpenSSH") == true })
        }
    }

    @Test("'provenance' makes a user who logs in with the key of the run, and records him")
    func provenance() async throws {
        try await withDebian("debian-12") { pandacap, image, folder in
            let words = ["record", image, "--login", "--bootstrap", "provenance", "--set", "VM_USER=ada"]
            let visits = try await visiting(words, pandacap, folder) { ports, key in
                let port = ports.hostPort(of: 22)
                return [
                    try await Visitor(port: port, user: "ada").run("ssh", "id -un"),
                    try await Visitor(port: port, user: "ada", configuration: key).run("ssh", "id -un"),
                ]
            }
            #expect(visits[0].standardOutput.isEmpty)
            #expect(visits[1].standardOutput == "ada\n", "\(visits[1].standardError)")
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified && record.recordings.count == 1)
        }
    }
}
