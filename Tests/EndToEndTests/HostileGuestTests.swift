import Foundation
import HostSupport
import PandaEngine
import RunRecords
import TestSupport
import Testing

@Suite("A hostile guest writes nothing outside its run", .serialized)
struct HostileGuestTests {
    @Test("whatever it calls its recordings")
    func names() async throws {
        let pandacap = try await Lab.shared.ready()
        let long = String(repeating: "x", count: 127)
        let script = ["../../escape", "a:b", "/tmp/pandacap-escape", ".hidden", "-dash", "a b;c", long, long]
            .map {
                "recctrlu open_session \(shellQuoted($0)); sleep 0.2; recctrlu close_session x; sleep 0.2"
            }
            .joined(separator: "\n")
        try await withScratch { folder in
            let output = try await pandacap(
                "record",
                "tiny-i386",
                "-o",
                (folder / "traces").string,
                "--guest-triggered",
                "--",
                "sh",
                "-c",
                script + "\nrecctrlu open_session ''"
            )
            let (record, files) = try onlyRun(in: folder / "traces")
            #expect(output.status == .exited(1), "recctrlu refuses an empty name: \(output.standardError)")
            #expect(record.state == .verified)
            let names = record.recordings.map(\.name)
            #expect(names.count == 8)
            #expect(
                Set(names).isSuperset(of: [
                    "_._.._escape_000", "a_b_001", "_hidden_003", "_dash_004", "a_b_c_005",
                ])
            )
            #expect(names.allSatisfy { name in name == safeFileName(name) })
            #expect(FileSystem.list(folder) == ["traces"])
            #expect(FileSystem.list(folder / "traces") == ["runs"])
            #expect(FileSystem.list(files.recordings).count == 16)
            #expect(!FileSystem.exists("/tmp/pandacap-escape_002-rr-snp"))
        }
    }

    @Test("however often it asks for one, and it is marked")
    func flood() async throws {
        try await withLab { pandacap, folder in
            // A name in the form that recctrlu refuses itself is no call; what it lets through is.
            let script = """
                for n in ../x a:b s s s s s s s s; do recctrlu open_session "$n"; recctrlu close_session "$n"; done \
                    > /dev/null 2>&1
                recctrlu open_session '' 2> /dev/null
                busybox timeout 1 busybox wget -qO- http://192.0.2.1/; echo over
                """
            let output = try await pandacap(
                "record",
                try await ResumedGuest.shared.name(),
                "-o",
                "\(folder)/traces",
                "--guest-triggered",
                "--max-recordings",
                "2",
                "--",
                "sh",
                "-c",
                script
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            let (record, files) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified && record.ending == "finished")
            #expect(record.recordings.map(\.name).sorted() == ["_._x_000", "a_b_001"])
            #expect(FileSystem.list(files.recordings).count == 4)
            let marks = ["too-many-recordings", "recording-name-changed", "egress-refused"]
            #expect(Set(record.marks ?? []) == Set(marks), "\(record.marks ?? [])")
            #expect(record.refused?.destinations.keys.first == "192.0.2.1:80/tcp")
            let said = try FileSystem.readText(files.engineLog)
            #expect(said.matches(of: /the guest gets no further recording/).count == 1, "\(said)")
        }
    }

    /// The launcher's own care aside, the kernel keeps the engine in: here it is told the path itself.
    @Test("even where the engine is told to write elsewhere")
    func confinement() async throws {
        let launcher = try Launcher.boundary.located()
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "allowed")
            let output = try await Tool(launcher.string).output(
                [
                    "--writable", (folder / "allowed").string, "/bin/sh", "-c",
                    "echo > allowed/in; echo > out; mkdir made; rm allowed/in && echo removed",
                ],
                workingDirectory: folder
            )
            #expect(output.standardOutput == "removed\n")
            #expect(FileSystem.list(folder) == ["allowed"])
            #expect(output.standardError.contains("Permission denied"))
        }
    }
}
