import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("The doctor")
struct DoctorTests {
    @Test("says that all is there, or what is missing and how to get it")
    func host() async throws {
        try await withLab { pandacap, folder in
            let output = try await pandacap("doctor", in: folder)
            #expect(output.status == .exited(0), "\(output.standardOutput)")
            #expect(output.standardOutput.contains("engine: QEMU emulator version"))
            #expect(output.standardOutput.contains("tiny-i386") && output.standardOutput.contains("Landlock"))
            #expect(output.standardOutput.contains("containers: "))
            var empty = Pandacap(home: folder / "home")
            empty.environment["PATH"] = "/usr/bin:/bin"
            let without = try await empty("doctor", "--json", in: folder)
            #expect(without.status == .exited(69))
            let object =
                try JSONSerialization.jsonObject(with: Data(without.standardOutput.utf8)) as? [String: Any]
            let checks = try #require(object?["checks"] as? [[String: Any]])
            let engine = checks.first { $0["name"] as? String == "engine" }
            #expect(engine?["status"] as? String == "missing")
            #expect((engine?["remedy"] as? String)?.contains("pandacap engine install") == true)
        }
    }

    @Test("holds arguments and runs against what is known to cost replays")
    func lint() async throws {
        try await withLab { pandacap, folder in
            let output = try await pandacap("doctor", "--", "-m", "64", "-smp", "4", "-enable-kvm")
            #expect(output.status == .exited(0))
            #expect(output.standardOutput.contains("warning: '-smp 4': only one processor is recorded"))
            #expect(output.standardOutput.contains("PANDA#195"))
            let made = try await pandacap(
                "record",
                "tiny-i386",
                "-o",
                "t",
                "--no-verify",
                "--",
                "true",
                in: folder
            )
            #expect(made.status == .exited(0), "\(made.standardError)")
            let (record, files) = try onlyRun(in: folder / "t")
            for words in [["doctor", files.path.string], ["doctor", "-o", "t", record.id.description]] {
                let run = try await Tool(Pandacap.program.string).output(
                    words,
                    environment: ["PANDACAP_HOME": pandacap.home.string],
                    workingDirectory: folder
                )
                #expect(run.status == .exited(0), "\(run.standardError)")
                #expect(run.standardOutput.contains("note: '2 serial ports'"))
                #expect(!run.standardOutput.contains("warning"))
            }
            #expect(try await pandacap("doctor", "no-such-run", in: folder).status == .exited(66))
            #expect(try await pandacap("doctor", "a", "--", "b").status == .exited(64))
        }
    }
}
