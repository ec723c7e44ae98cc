import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing
import Traces

@Suite("A trace is checked without an engine, and with one", .serialized)
struct TraceCheckTests {
    private struct Checked: Decodable {
        struct Finding: Decodable {
            let code: String
            let severity: String
            let file: String
            let offset: Int?
        }

        struct Recording: Decodable {
            let isSound: Bool
            let findings: [Finding]
            let replays: [Verification]
        }

        let recordings: [Recording]
    }

    private func check(_ pandacap: Pandacap, _ words: String...) async throws -> (
        Checked, HostSupport.ExitStatus
    ) {
        let output = try await pandacap(["trace", "check"] + words + ["--json"])
        let checked = try JSONText.decode(
            Checked.self,
            from: Data(output.standardOutput.utf8),
            source: output.standardError
        )
        return (checked, output.status)
    }

    @Test("a sound trace; each sort of damage is found at its place; replays agree")
    func soundAndDamaged() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            let made = try await pandacap("record", image, "-o", folder.string, "--", "dmesg")
            #expect(made.status == .exited(0), "\(made.standardError)")
            let (_, run) = try onlyRun(in: folder)
            let (sound, status) = try await check(pandacap, run.path.string, "--replay", "--repeat", "2")
            #expect(status == .exited(0))
            #expect(sound.recordings.map(\.isSound) == [true])
            #expect(sound.recordings.first?.findings.isEmpty == true)
            #expect(sound.recordings.first?.replays.map(\.verdict) == [.replayed, .replayed])
            let table = try await pandacap("trace", "check", run.path.string)
            #expect(table.standardOutput.contains("record: digests"))
            #expect(table.standardOutput.contains("sound, in"))

            let log = run.recordings / "session_000-rr-nondet.log"
            let snapshot = run.recordings / "session_000-rr-snp"
            let (logBytes, snapshotBytes) = try (
                FileSystem.read(log), FileSystem.read(snapshot, limit: 1 << 30)
            )
            let headBytes = try SnapshotHead(path: snapshot.string).headBytes
            for damage in Self.damages(logBytes, snapshotBytes, headBytes) {
                try FileSystem.write(damage.log ?? logBytes, to: log)
                if let bytes = damage.snapshot { try FileSystem.write(bytes, to: snapshot) }
                let (found, status) = try await check(pandacap, run.path.string)
                #expect(status == .exited(65), "\(damage.name)")
                let findings = found.recordings.first?.findings ?? []
                #expect(
                    findings.contains { $0.code == damage.code && $0.offset == damage.offset },
                    "\(damage.name): \(findings)"
                )
                if damage.snapshot != nil { try FileSystem.write(snapshotBytes, to: snapshot) }
            }
            try FileSystem.write(logBytes, to: log)
        }
    }

    private struct Damage {
        let name: String
        let code: String
        let offset: Int?
        var log: Data?
        var snapshot: Data?
    }

    private static func damages(_ log: Data, _ snapshot: Data, _ headBytes: Int) -> [Damage] {
        func with(_ data: Data, _ change: (inout Data) -> Void) -> Data {
            var data = data
            change(&data)
            return data
        }
        return [
            Damage(
                name: "a kind",
                code: "unknownKind",
                offset: 8,
                log: with(log) { $0[16] = 0x42 }
            ),
            Damage(name: "a header", code: "headerMismatch", offset: 0, log: with(log) { $0[0] ^= 1 }),
            Damage(
                name: "more behind the end",
                code: "bytesAfterEnd",
                offset: log.count - 10,
                log: log + Data([1])
            ),
            Damage(
                name: "cut in its end",
                code: "notEnded",
                offset: log.count - 10,
                log: log.dropLast(4)
            ),
            Damage(
                name: "a changed value",
                code: "otherDigest",
                offset: nil,
                log: with(log) { $0[log.count - 11] ^= 1 }
            ),
            Damage(
                name: "no snapshot",
                code: "notMigrationStream",
                offset: 0,
                snapshot: with(snapshot) { $0[0] = 0 }
            ),
            Damage(
                name: "a page",
                code: "invalidPage",
                offset: headBytes + 5,
                snapshot: with(snapshot) { $0[headBytes + 12] = 0x44 }
            ),
            Damage(
                name: "a cut snapshot",
                code: "snapshotCut",
                offset: snapshot.count / 2,
                snapshot: snapshot.prefix(snapshot.count / 2)
            ),
            Damage(
                name: "a longer snapshot's tail",
                code: "otherSize",
                offset: snapshot.count,
                snapshot: snapshot + Data(count: 5)
            ),
        ]
    }

    @Test("a log that was not ended: the check says how to salvage it")
    func hint() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            let made = try await pandacap("record", image, "-o", folder.string, "--", "true")
            #expect(made.status == .exited(0), "\(made.standardError)")
            let (_, run) = try onlyRun(in: folder)
            let log = run.recordings / "session_000-rr-nondet.log"
            let bytes = try FileSystem.read(log)
            try FileSystem.write(Data(count: 8) + bytes.dropFirst(8).dropLast(20), to: log)
            let output = try await pandacap("trace", "check", run.path.string)
            #expect(output.status == .exited(65))
            #expect(
                output.standardOutput.contains(
                    "hint: pandacap trace salvage \(run.recording("session_000"))"
                )
            )
            let salvage = try await pandacap(
                "trace",
                "salvage",
                run.path.string,
                "--replay"
            )
            #expect(salvage.status == .exited(0), "\(salvage.standardError)")
        }
    }

    @Test("a log that departs from its guest: every check passes but the engine's")
    func diverges() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            let made = try await pandacap("record", image, "-o", folder.string, "--", "dmesg")
            #expect(made.status == .exited(0), "\(made.standardError)")
            let (_, run) = try onlyRun(in: folder)
            let bare = folder / "bare"
            try FileSystem.createDirectory(bare)
            for file in FileSystem.list(run.recordings) {
                try FileSystem.rename(run.recordings / file, to: bare / file)
            }
            // An interrupt that comes a hundred instructions late breaks no rule of the format.
            let log = bare / "session_000-rr-nondet.log"
            var reader = try NondetLog(path: log.string).makeReader()
            var (place, count) = (0, UInt64(0))
            while let entry = try reader.next() {
                if entry.index > 300, entry.kind == .input8, entry.instructionCount > count + 1000 {
                    (place, count) = (entry.range.lowerBound, entry.instructionCount)
                    break
                }
                count = entry.instructionCount
            }
            var bytes = try FileSystem.read(log)
            bytes.replaceSubrange(
                place..<place + 8,
                with: withUnsafeBytes(of: (count - 500).littleEndian) { Data($0) }
            )
            try FileSystem.write(bytes, to: log)
            let (plain, sound) = try await check(pandacap, (bare / "session_000").string)
            #expect(sound == .exited(0) && plain.recordings.first?.isSound == true)
            let (replayed, status) = try await check(pandacap, (bare / "session_000").string, "--replay")
            #expect(status == .exited(80))
            #expect(replayed.recordings.first?.replays.map(\.verdict) == [.diverged])
        }
    }
}
