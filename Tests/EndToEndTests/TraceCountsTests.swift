import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing
import Traces

/// Holds our counts against those that the engine prints at the end of a replay.
///
/// In `rr_read_item` of `panda/src/rr/rr_log.c` the engine adds the bytes that it took from the file for an entry to its
/// kind's size, those before the payload included, so that its sizes are ours. All skipped calls are one kind to
/// it; of the calls, only the sum can be held against it. All kinds make the file, less the header of 8 bytes.
@Suite("Entries are counted as the engine counts them", .serialized)
struct TraceCountsTests {
    private static let names: [(String, NondetKind)] = [
        ("RR_INPUT_1", .input1), ("RR_INPUT_2", .input2), ("RR_INPUT_4", .input4), ("RR_INPUT_8", .input8),
        ("RR_INTERRUPT_REQUEST", .interruptRequest), ("RR_EXIT_REQUEST", .exitRequest),
        ("RR_SKIPPED_CALL", .skippedCall), ("RR_END_OF_LOG", .endOfLog),
        ("RR_PENDING_INTERRUPTS", .pendingInterrupts), ("RR_EXCEPTION", .exception),
    ]

    @Test("of a guest of either architecture", arguments: ["tiny-i386", "tiny"])
    func counts(image: String) async throws {
        try await withLab { pandacap, folder in
            let made = try await pandacap(
                "record",
                image,
                "-o",
                folder.string,
                "--",
                "sh",
                "-c",
                "dmesg; date; cat /proc/interrupts"
            )
            #expect(made.status == .exited(0), "\(made.standardError)")
            let (_, run) = try onlyRun(in: folder)
            let log = try NondetLog(path: (run.recordings / "session_000-rr-nondet.log").string)
            let summary = log.survey()
            #expect(summary.state == .complete)

            let printed = try FileSystem.readText(run.replay / "session_000.log")
            for (name, kind) in Self.names {
                let pattern = try Regex("(?m)^\(name) number = (\\d+), size = (\\d+) bytes")
                    .anchorsMatchLineEndings()
                let match = try #require(printed.firstMatch(of: pattern), "\(name)")
                let engine = match.output.dropFirst().compactMap { $0.substring.flatMap { Int($0) } }
                let tally = summary.tally(of: kind)
                #expect(engine == [tally.entries, tally.bytes], "\(name)")
            }
            let calls = SkippedCallKind.allCases.map { summary.tally(of: $0) }
            let skipped = summary.tally(of: .skippedCall)
            #expect(calls.reduce(0) { $0 + $1.entries } == skipped.entries && skipped.entries > 0)
            #expect(calls.reduce(0) { $0 + $1.bytes } == skipped.bytes)
            #expect(summary.total.bytes + 8 == summary.byteCount)

            // The typed reader accounts for the same entries, call by call.
            var byCall: [SkippedCallKind: NondetTally] = [:]
            log.readSound { entry in
                guard let call = entry.call else { return }
                byCall[call, default: NondetTally()].entries += 1
                byCall[call, default: NondetTally()].bytes += entry.range.count
            }
            for call in SkippedCallKind.allCases {
                #expect(byCall[call] ?? NondetTally() == summary.tally(of: call), "\(call)")
            }
        }
    }
}
