import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Capture

@Suite struct FileTimesTests {
    @Test func aRecordingBeganWhenItsLogWasMadeAndEndedWhenItWasLastWritten() async throws {
        try await withScratch { folder in
            let before = Date()
            let log = folder / "a-rr-nondet.log"
            try FileSystem.write("x", to: log)
            let times = try await FileTimes(of: log)
            let seen = Date()
            let sighting = RecordingWatcher.Sighting(name: "a", started: seen, ended: seen)
            let refined = times.refine(sighting)
            let ended = try #require(refined.ended)
            // A file's time is that of the last tick of the kernel's clock.
            #expect(refined.started > before.addingTimeInterval(-0.1) && refined.started <= seen)
            #expect(ended >= refined.started && ended <= seen)
            #expect(times.made == nil || refined.started < seen)
        }
    }

    @Test func timesThatAnEngineHasSetAreNotBelieved() async throws {
        try await withScratch { folder in
            let log = folder / "a-rr-nondet.log"
            try FileSystem.write("x", to: log)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1000)],
                ofItemAtPath: log.string
            )
            let past = try await FileTimes(of: log)
            let seen = Date()
            #expect(past.refine(.init(name: "a", started: seen, ended: seen)).ended == seen)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: 3600)],
                ofItemAtPath: log.string
            )
            let future = try await FileTimes(of: log)
            #expect(future.refine(.init(name: "a", started: seen, ended: seen)).ended == seen)
        }
    }
}
