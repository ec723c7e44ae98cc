import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing
import Traces

@Suite("A trace is replayed", .serialized)
struct ReplayTests {
    /// A trace that all tests of this suite start from.
    private static let trace = Task {
        let folder = try Installation.locate().root / ".build/lab/replay-traces"
        try FileSystem.remove(folder)
        let output = try await Lab.shared.ready()("record", "tiny-i386", "-o", folder.string, "--", "id")
        guard output.status == .exited(0) else { throw Failure(.internal, output.standardError) }
        return try onlyRun(in: folder).folder
    }

    private func withCopy(_ body: (RunFolder) async throws -> Void) async throws {
        let original = try await Self.trace.value
        try await withScratch { folder in
            try await Tool("cp").run(["-r", original.path.string, (folder / "moved").string])
            try await body(RunFolder(folder / "moved"))
        }
    }

    @Test("from wherever it was moved to, and the new verdict is kept")
    func moved() async throws {
        let pandacap = try await Lab.shared.ready()
        try await withCopy { files in
            let before = try RunRecord.read(from: files).recordings.first?.verification?.time
            let output = try await pandacap("replay", files.path.string)
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.contains("replayed to its end"))
            let after = try RunRecord.read(from: files)
            #expect(after.state == .verified)
            #expect(try #require(after.recordings.first?.verification?.time) > (try #require(before)))
        }
    }

    @Test("under a plugin, whose output lands where it should")
    func plugin() async throws {
        let pandacap = try await Lab.shared.ready()
        try await withCopy { files in
            let output = try await pandacap(
                "replay",
                (files.recordings / "session_000").string,
                "--plugin",
                "coverage:filename=blocks.csv",
                "--output",
                (files.path / "out").string
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(try #require(FileSystem.size(files.path / "out/blocks.csv")) > 1000)
        }
    }

    @Test("and a dry run shows the exact argument vector")
    func dryRun() async throws {
        let pandacap = try await Lab.shared.ready()
        try await withCopy { files in
            let output = try await pandacap("replay", files.path.string, "--dry-run")
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.contains("-replay \(files.recordings / "session_000")"))
            #expect(output.standardOutput.contains("-m 64"))
        }
    }

    @Test("a memory that does not fit is named before the engine is started")
    func memory() async throws {
        let pandacap = try await Lab.shared.ready()
        try await withCopy { files in
            let output = try await pandacap("replay", files.path.string, "--memory", "96M")
            #expect(output.status == .exited(65))
            #expect(output.standardError.contains("recorded with 64.0 MiB of memory"))
            #expect(output.standardError.contains("cannot be replayed with 96.0 MiB"))
        }
    }

    @Test("a log that was changed diverges, is marked, and has an exit code of its own")
    func divergence() async throws {
        let pandacap = try await Lab.shared.ready()
        try await withCopy { files in
            let log = files.recordings / "session_000-rr-nondet.log"
            var bytes = try FileSystem.read(log)
            let middle = try entryBoundary(bytes, after: bytes.count / 2)
            // One entry is taken out: the structure is whole, and the guest misses an input.
            bytes.removeSubrange(middle.start..<middle.end)
            try FileSystem.write(bytes, to: log)
            let output = try await pandacap("replay", files.path.string)
            #expect(output.status == .exited(80), "\(output.standardOutput) \(output.standardError)")
            let record = try RunRecord.read(from: files)
            #expect(record.state == .diverged)
            #expect(record.recordings.first?.verification?.problem != nil)
        }
    }

    @Test("a trace that was cut is told where")
    func cut() async throws {
        let pandacap = try await Lab.shared.ready()
        try await withCopy { files in
            let log = files.recordings / "session_000-rr-nondet.log"
            try FileSystem.write(try FileSystem.read(log).prefix(4096), to: log)
            let output = try await pandacap("replay", files.path.string)
            #expect(output.status == .exited(65))
            #expect(output.standardError.contains("the log is cut after"))
        }
    }

    @Test("what is no trace is told apart")
    func noTrace() async throws {
        let pandacap = try await Lab.shared.ready()
        let output = try await pandacap("replay", "/nonesuch")
        #expect(output.status == .exited(66))
        #expect(output.standardError.contains("'/nonesuch' is no trace"))
    }
}

/// The first entry of a log that begins at or behind a byte and reads a time stamp.
private func entryBoundary(_ bytes: Data, after offset: Int) throws -> (start: Int, end: Int) {
    var reader = NondetLog(bytes: Array(bytes)).makeReader()
    while let entry = try reader.next() {
        if entry.range.lowerBound >= offset, entry.kind == .input8 {
            return (entry.range.lowerBound, entry.range.upperBound)
        }
    }
    throw Failure(.notFound, "the log has no time stamp behind byte \(offset)")
}
