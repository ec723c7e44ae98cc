import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing
import Traces

@Suite("A recording whose engine was killed is salvaged and replays", .serialized)
struct TraceSalvageTests {
    /// Keeps the guest's processor, its console, its network and its memory busy.
    private static let busy = """
        while :; do cat /proc/interrupts; dmesg | tail -40; ls -laR /etc | head -100; date
        head -c 20000 /dev/urandom | od -An -tx1 | head -100; echo $$ > /tmp/x; sync; done
        """

    private struct Salvaged: Decodable {
        struct Recording: Decodable {
            let salvaged: String
            let entriesKept: Int
            let entriesDropped: Int
            let instructions: UInt64
            let tries: Int
            let verification: Verification?
        }

        let recordings: [Recording]
        let whole: [String]
    }

    private func decode(_ text: String) throws -> Salvaged {
        try JSONText.decode(Salvaged.self, from: Data(text.utf8), source: "salvage")
    }

    /// Records a busy guest and kills its engine a moment later.
    private func record(
        _ pandacap: Pandacap,
        _ folder: HostPath,
        killedAfter moment: Duration
    ) async throws -> RunFolder {
        let image = try await ResumedGuest.shared.name()
        let (_, status) = try await pandacap.beside(
            ["record", image, "-o", (folder / "traces").string, "--", "sh", "-c", Self.busy],
            in: folder
        ) { child in
            try await waitForRecording(folder / "traces")
            try await Task.sleep(for: moment)
            try await killEngine(of: folder / "traces", SIGKILL)
            _ = try await child.exit(within: .seconds(60))
        }
        #expect(status == .exited(71), "\(words(of: folder))")
        let (record, files) = try onlyRun(in: folder / "traces")
        #expect(record.recordings.first?.structure == .notEnded)
        return files
    }

    private func digests(_ folder: HostPath, _ name: String) async throws -> [String] {
        let files = RecordingFiles(name: name, in: folder.string)
        return [
            try await Digest.sha256(HostPath(files.snapshotPath)),
            try await Digest.sha256(HostPath(files.nondetLogPath)),
        ]
    }

    @Test(
        "killed at ten points: ten times it is salvaged and replays to its end; the original stays as it is"
    )
    func tenPoints() async throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for number in 1...10 {
            let moment = Duration.milliseconds(Int.random(in: 50...2000, using: &random))
            try await withLab { pandacap, folder in
                let run = try await record(pandacap, folder, killedAfter: moment)
                let before = try await digests(run.recordings, "session_000")
                let output = try await pandacap("trace", "salvage", run.path.string, "--replay", "--json")
                let point = "point \(number), seed \(seed), after \(moment): \(output.standardError)"
                #expect(output.status == .exited(0), "\(point)")
                let salvaged = try decode(output.standardOutput)
                #expect(salvaged.recordings.count == 1)
                for recording in salvaged.recordings {
                    #expect(recording.verification?.verdict == .replayed && recording.tries == 1, "\(point)")
                    #expect(recording.instructions > 0 && recording.entriesKept > 0)
                }
                let after = try await digests(run.recordings, "session_000")
                #expect(before == after)
                #expect(FileSystem.list(run.recordings).count == 4)
            }
        }
    }

    @Test("it is entered into the run, which then replays; a second time it is not made again")
    func runRecord() async throws {
        try await withLab { pandacap, folder in
            let run = try await record(pandacap, folder, killedAfter: .milliseconds(300))
            let plan = try await pandacap("trace", "salvage", run.path.string, "--dry-run")
            #expect(plan.standardOutput.hasPrefix("would salvage "))
            #expect(FileSystem.list(run.recordings).count == 2)
            let output = try await pandacap("trace", "salvage", run.path.string)
            #expect(output.status == .exited(0), "\(output.standardError)")
            var record = try RunRecord.read(from: run)
            #expect(record.recordings.map(\.name) == ["session_000", "session_000-salvaged"])
            #expect(record.recordings.last?.salvaged?.from == "session_000")
            #expect(record.recordings.last?.structure == .complete)
            #expect(record.recordings.last?.verification == nil)

            let replay = try await pandacap("replay", run.recording("session_000-salvaged").string)
            #expect(replay.status == .exited(0), "\(replay.standardError)")
            record = try RunRecord.read(from: run)
            #expect(record.recordings.last?.verification?.verdict == .replayed)
            #expect(record.state == .failed, "the run failed, whatever was made of it")

            let again = try await pandacap("trace", "salvage", run.path.string)
            #expect(again.status == .exited(73) && again.standardError.contains("--force"))
            let check = try await pandacap("trace", "check", run.recording("session_000-salvaged").string)
            #expect(check.status == .exited(0), "\(check.standardOutput)")
            let whole = try await pandacap(
                "trace",
                "salvage",
                run.recording("session_000-salvaged").string,
                "--json"
            )
            #expect(try decode(whole.standardOutput).whole == ["session_000-salvaged"])
        }
    }

    @Test("two bare files are salvaged elsewhere, with the machine that their snapshot tells")
    func bare() async throws {
        try await withLab { pandacap, folder in
            let run = try await record(pandacap, folder, killedAfter: .milliseconds(200))
            let bare = folder / "bare"
            try FileSystem.createDirectory(bare)
            for file in FileSystem.list(run.recordings) {
                try FileSystem.rename(run.recordings / file, to: bare / file)
            }
            let output = try await pandacap(
                "trace",
                "salvage",
                (bare / "session_000").string,
                "--out",
                (folder / "mended").string,
                "--name",
                "whole",
                "--replay"
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.contains("replayed to its end"))
            #expect(FileSystem.list(bare).count == 2)
            let made = FileSystem.list(folder / "mended").filter { $0.contains("-rr-") }
            #expect(made == ["whole-rr-nondet.log", "whole-rr-snp"])
        }
    }

    @Test("a damaged log needs --damaged, and a cut snapshot cannot be salvaged")
    func damage() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            let made = try await pandacap(
                "record",
                image,
                "-o",
                folder.string,
                "--",
                "dmesg"
            )
            #expect(made.status == .exited(0), "\(made.standardError)")
            let (_, run) = try onlyRun(in: folder)
            let log = run.recordings / "session_000-rr-nondet.log"
            var reader = try NondetLog(path: log.string).makeReader()
            var last: NondetEntry?
            for _ in 0..<400 { last = try reader.next() ?? last }
            var bytes = try FileSystem.read(log)
            let place = try #require(last?.range.lowerBound)
            bytes[place + 8] = 0x55
            try FileSystem.write(bytes, to: log)
            let refused = try await pandacap("trace", "salvage", run.path.string)
            #expect(refused.status == .exited(65))
            #expect(refused.standardError.contains("entry 399, byte \(place): expected a kind"))
            #expect(refused.standardError.contains("--damaged"))
            let kept = try await pandacap("trace", "salvage", run.path.string, "--damaged", "--replay")
            #expect(kept.status == .exited(0), "\(kept.standardError)")
            #expect(kept.standardOutput.contains("replayed to its end"))

            let snapshot = run.recordings / "session_000-rr-snp"
            try FileSystem.write(
                try FileSystem.read(snapshot, limit: 1 << 30).prefix(10 << 20),
                to: snapshot
            )
            let cut = try await pandacap(
                "trace",
                "salvage",
                run.recording("session_000").string,
                "--damaged",
                "--name",
                "other"
            )
            #expect(cut.status == .exited(65))
            #expect(cut.standardError.contains("the end of the snapshot is missing"))
        }
    }
}
