import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@testable import Datasets

@Suite("A file's digest")
struct FileDigestTests {
    /// Lets a reader of a pipe come to its end; one that nobody reads is left alone.
    private static func end(_ pipe: HostPath) -> Bool {
        let file = open(pipe.string, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return false }
        close(file)
        return true
    }

    @Test("is waited for by none of the threads that all tasks share")
    func threads() async throws {
        try await withScratch { folder in
            // As many that block as are read at once, and more.
            let names = (0..<ProcessInfo.processInfo.activeProcessorCount + 2).map { "pipe-\($0)" }
            for name in names { mkfifo((folder / name).string, 0o600) }
            // Where tasks cannot go on, the test has to come to its end nevertheless.
            Thread.detachNewThread {
                sleep(10)
                for name in names {
                    for _ in 0..<100 where !Self.end(folder / name) { usleep(10_000) }
                }
            }
            async let digests = FileDigest.read(names, in: folder)
            let start = ContinuousClock.now
            for name in names {
                _ = try await poll(for: .seconds(30), every: .milliseconds(10)) {
                    Self.end(folder / name) ? true : nil
                }
            }
            #expect(ContinuousClock.now - start < .seconds(9))
            let read = try await digests
            #expect(try read.count == names.count && read.values.allSatisfy { try $0.get().bytes == 0 })
        }
    }
}
