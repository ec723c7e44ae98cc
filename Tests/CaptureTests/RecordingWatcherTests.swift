import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@testable import Capture

@Suite struct RecordingWatcherTests {
    private func put(_ name: String, _ header: [UInt8], in folder: HostPath) throws {
        try FileSystem.write(Data(header + [1, 2, 3]), to: folder / "\(name)-rr-nondet.log")
    }

    private let open = [UInt8](repeating: 0, count: 8)
    private let closed: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1]

    @Test func recordingsAreSeenToBeginAndToEnd() async throws {
        try await withScratch { folder in
            var watcher = RecordingWatcher(folder: folder / "rr")
            watcher.look()
            #expect(watcher.sightings.isEmpty && watcher.openSince == nil, "there is no folder yet")
            try FileSystem.createDirectory(folder / "rr")
            try FileSystem.write("", to: folder / "rr/a_000-rr-snp")
            watcher.look()
            #expect(watcher.sightings.isEmpty, "a snapshot alone is no recording yet")

            try FileSystem.write("", to: folder / "rr/a_000-rr-nondet.log")
            watcher.look()
            let began = try #require(watcher.openSince)
            try put("a_000", open, in: folder / "rr")
            watcher.look()
            #expect(watcher.openSince == began && watcher.endedCount == 0)

            try put("a_000", closed, in: folder / "rr")
            watcher.look()
            let ended = try #require(watcher.sightings.first?.ended)
            #expect(watcher.openSince == nil && watcher.endedCount == 1 && ended >= began)
            watcher.look()
            #expect(watcher.sightings.first?.ended == ended)
        }
    }

    @Test func oneAfterTheOtherInTheOrderOfTheirBeginning() async throws {
        try await withScratch { folder in
            var watcher = RecordingWatcher(folder: folder)
            try put("z_000", closed, in: folder)
            watcher.look()
            try put("a_001", open, in: folder)
            watcher.look()
            #expect(watcher.sightings.map(\.name) == ["z_000", "a_001"])
            #expect(watcher.endedCount == 1 && watcher.openSince == watcher.sightings[1].started)
        }
    }

    @Test func whatWasPlantedIsNotWaitedFor() async throws {
        try await withScratch { folder in
            try #require(mkfifo((folder / "pipe-rr-nondet.log").string, 0o600) == 0)
            try #require(symlink("/dev/tty", (folder / "link-rr-nondet.log").string) == 0)
            try FileSystem.createDirectory(folder / "folder-rr-nondet.log")
            let count = try await withDeadline(.seconds(5), "it waited") {
                var watcher = RecordingWatcher(folder: folder)
                watcher.look()
                return watcher.sightings.count
            }
            #expect(count == 0)
        }
    }
}
