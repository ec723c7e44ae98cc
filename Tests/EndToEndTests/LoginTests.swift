import Foundation
import HostSupport
import RunRecords
import Testing

@Suite("A login is recorded", .serialized)
struct LoginTests {
    @Test("the session is the recording, a second login during it is in it, and both replay")
    func session() async throws {
        try await withLab { pandacap, folder in
            let (said, status) = try await pandacap.beside(
                [
                    "record", try await ResumedGuest.shared.name(), "--login", "-o",
                    (folder / "traces").string,
                ],
                in: folder
            ) { child in
                let ssh = try await login(folder, child)
                async let first = Tool("ssh").output(Array(ssh.dropFirst()) + ["echo one; sleep 3"])
                try await Task.sleep(for: .seconds(1.5))
                let second = try await Tool("ssh").output(Array(ssh.dropFirst()) + ["echo two"])
                _ = try await child.exit(within: .seconds(60))
                return try await first.standardOutput + second.standardOutput
            }
            #expect(said == "one\ntwo\n")
            #expect(status == .exited(0), "\(words(of: folder))")
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified)
            #expect(record.recordings.count == 1)
        }
    }

    @Test("Ctrl-C during the session ends the recording properly and keeps it")
    func interrupt() async throws {
        try await withLab { pandacap, folder in
            let (_, status) = try await pandacap.beside(
                [
                    "record", try await ResumedGuest.shared.name(), "--login", "-o",
                    (folder / "traces").string,
                ],
                in: folder
            ) { child in
                let ssh = try await login(folder, child)
                async let session = Tool("ssh").output(Array(ssh.dropFirst()) + ["echo one; sleep 60"])
                try await waitForRecording(folder / "traces")
                try await Task.sleep(for: .seconds(1))
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(60))
                _ = try await session
            }
            #expect(status == .exited(0), "\(words(of: folder))")
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified)
            #expect(record.warnings.contains("the run was interrupted"))
        }
    }

    @Test("the time limit ends a session that does not end by itself")
    func timeLimit() async throws {
        try await withLab { pandacap, folder in
            let (_, status) = try await pandacap.beside(
                [
                    "record", try await ResumedGuest.shared.name(), "--login", "--timeout", "2s", "-o",
                    (folder / "traces").string,
                ],
                in: folder
            ) { child in
                let ssh = try await login(folder, child)
                _ = try await Tool("ssh").output(Array(ssh.dropFirst()) + ["sleep 60"])
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(0), "\(words(of: folder))")
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified)
            #expect(record.warnings == ["the time limit ended the recording"])
        }
    }

    /// How to log in, as the program tells it.
    private func login(_ folder: HostPath, _ child: ChildProcess) async throws -> [String] {
        let line = try await poll(for: .seconds(120)) { () -> String? in
            if let status = child.status { throw Failure(.internal, "pandacap \(status)") }
            return try FileSystem.readText(folder / "stderr.txt").split(separator: "\n").map(String.init)
                .first { $0.hasPrefix("  ssh ") }
        }
        return try #require(line).split(separator: " ").map(String.init)
    }
}

/// Waits until a run of a collection has a recording that is open.
func waitForRecording(_ collection: HostPath) async throws {
    let isOpen = try await poll(for: .seconds(120)) { () -> Bool? in
        let run = FileSystem.list(collection / "runs").first.map { RunFolder(collection / "runs" / $0) }
        return run.flatMap { try? RunRecord.read(from: $0).state } == .recording ? true : nil
    }
    #expect(isOpen == true)
}
