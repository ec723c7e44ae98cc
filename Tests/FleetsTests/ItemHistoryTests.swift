import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Fleets

@Suite("The runs of a campaign's items")
struct ItemHistoryTests {
    /// A run that went through states and ended in a way.
    private func record(_ id: String, _ states: [RunState], ending: String? = nil, warning: String? = nil)
        throws -> RunRecord
    {
        var record = try plannedRecord(id)
        for state in states { try record.become(state, because: state == .failed ? "it broke" : nil) }
        record.ending = ending
        if let warning { record.warnings.append(warning) }
        return record
    }

    private static let recorded: [RunState] = [.starting, .ready, .recording, .recorded]

    private func write(_ record: RunRecord, in collection: HostPath) throws {
        let folder = RunFolder(collection: collection, id: record.id)
        try FileSystem.createDirectory(folder.path)
        try record.write(to: folder)
    }

    @Test("have names that tell the item and the attempt, whatever the campaign is called")
    func names() {
        #expect(ItemHistory.runName("c", 7, attempt: 0) == "c-0007-a0")
        #expect(ItemHistory.runName("c", 12345, attempt: 10) == "c-12345-a10")
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let campaign = safeFileName(generator.nastyText(), limit: 60)
            let item = Int.random(in: 0..<100_000, using: &generator)
            let attempt = Int.random(in: 0..<1000, using: &generator)
            let name = ItemHistory.runName(campaign, item, attempt: attempt)
            #expect((try? RunID(named: name)) != nil)
            let found = ItemHistory.parse(name, of: campaign)
            #expect(found?.item == item && found?.attempt == attempt)
            #expect(ItemHistory.parse(name, of: campaign + "-" + campaign) == nil)
            _ = ItemHistory.parse(generator.nastyText(), of: campaign)
        }
        for name in [
            "c-007-a0", "c-0007", "c-0007-a", "c-0007-a00", "c-00007-a0", "c-0007-a0-left", "d-0007-a0",
        ] {
            #expect(ItemHistory.parse(name, of: "c") == nil, "\(name)")
        }
    }

    @Test("count against the item only where it is to blame")
    func verdicts() throws {
        let mended = "the process that made the run died in the state 'recording'"
        func verdict(_ states: [RunState], _ ending: String?, _ warning: String? = nil) throws
            -> ItemHistory.Verdict
        {
            ItemHistory.verdict(try record("c", states, ending: ending, warning: warning))
        }
        #expect(try verdict([], nil) == .unfinished)
        #expect(try verdict([.starting, .recording], nil) == .unfinished)
        for ending in ["finished", "guest-ended", "time-limit"] {
            #expect(try verdict(Self.recorded, ending) == .recorded)
            #expect(try verdict(Self.recorded + [.verified], ending) == .done)
        }
        #expect(try verdict(Self.recorded + [.diverged], "finished") == .diverged("it does not replay"))
        #expect(try verdict([.starting, .failed], "boot-failed") == .failed("it broke"))
        #expect(try verdict([.failed], nil) == .failed("it broke"))
        // A recording that replays, and has not all of the workload.
        for ending in ["interrupted", "container-lost", "disk-nearly-full"] {
            for state in [RunState.verified, .diverged] {
                guard case .cut = try verdict(Self.recorded + [state], ending) else {
                    Issue.record("\(ending) \(state)")
                    continue
                }
            }
        }
        for ending in ["engine-died", "session-failed"] {
            guard case .failed = try verdict(Self.recorded + [.verified], ending) else {
                Issue.record("\(ending)")
                continue
            }
        }
        #expect(try verdict(Self.recorded, nil, mended) == .cut("the process that made it died"))
        #expect(try verdict([.failed], nil, mended) == .cut("the process that made it died"))
    }

    @Test("make an item verified, diverged or failed when it may not be tried any more")
    func outcomes() async throws {
        try await withScratch { folder in
            let collection = folder / "traces"
            func outcome(_ retries: Int) -> ItemOutcome? {
                ItemHistory.read("c", item: 0, in: collection).outcome(retries: retries)
            }
            #expect(outcome(0) == nil)
            try write(try record("c-0000-a0", [.starting, .failed], ending: "boot-failed"), in: collection)
            #expect(outcome(0) == .failed("it broke") && outcome(1) == nil)
            try write(try record("c-0000-a1", Self.recorded, ending: "interrupted"), in: collection)
            #expect(outcome(1) == nil, "an interruption does not count")
            try write(
                try record("c-0000-a2", Self.recorded + [.diverged], ending: "finished"),
                in: collection
            )
            #expect(outcome(1) == .diverged("it does not replay") && outcome(2) == nil)
            try FileSystem.createDirectory(collection / "runs/c-0000-a3")
            let history = ItemHistory.read("c", item: 0, in: collection)
            #expect(history.next == 4 && history.failures == 2, "a run without a record does not count")
            let last = try record("c-0000-a4", Self.recorded + [.verified], ending: "finished")
            try write(last, in: collection)
            #expect(outcome(0) == .verified(last.id) && outcome(5) == .verified(last.id))
            #expect(ItemHistory.read("c", in: collection)[0]?.attempts.count == 5)
        }
    }

    @Test("tell how far the campaign is, in words and by the exit code")
    func status() async throws {
        try await withScratch { folder in
            let text = """
                schema: 1
                name: c
                image: tiny
                retries: 0
                repetitions: 3
                workloads: [{name: x, command: [ls]}]
                """
            let plan = try CampaignPlan(try CampaignFile.parse(text, source: ""), in: folder)
            let campaign = CampaignFolder(collection: folder / "traces", name: "c")
            #expect(throws: Failure.self) { try CampaignStatus.read(campaign) }
            let lock = try campaign.claim()
            #expect(throws: Failure.self) { try campaign.claim() }
            try campaign.begin(plan, text: text, extends: false)
            func status() throws -> CampaignStatus { try CampaignStatus.read(campaign) }
            #expect(try status().isGoingOn && status().exitCode == 75 && status().count(.pending) == 3)
            withExtendedLifetime(lock) {}
            let verified = Self.recorded + [RunState.verified]
            try write(try record("c-0000-a0", verified, ending: "finished"), in: folder / "traces")
            try write(try record("c-0001-a0", verified, ending: "interrupted"), in: folder / "traces")
            try write(try record("c-0002-a0", [.starting]), in: folder / "traces")
            #expect(
                try status().items.map(\.state) == [.verified, .pending, .running] && status().exitCode == 75
            )
            try write(try record("c-0001-a1", verified, ending: "finished"), in: folder / "traces")
            let diverged = Self.recorded + [RunState.diverged]
            try write(try record("c-0002-a0", diverged, ending: "finished"), in: folder / "traces")
            #expect(try status().exitCode == 80 && status().count(.verified) == 2 && status().attempts == 4)
            try write(try record("c-0000-a0", [.failed]), in: folder / "traces")
            #expect(try status().exitCode == 76)
            for item in 0..<3 {
                try write(try record("c-000\(item)-a0", verified, ending: "finished"), in: folder / "traces")
            }
            #expect(try status().exitCode == 0 && status().isComplete)
        }
    }

    @Test("are moved to another collection whole, with the disks beneath theirs, and never over another run")
    func transfer() async throws {
        try await withScratch { folder in
            let source = folder / "local"
            let target = folder / "shared"
            let run = RunFolder(source / "runs/c-0000-a0")
            try FileSystem.createDirectory(run.recordings)
            try FileSystem.write("log", to: run.recordings / "x-rr-nondet.log")
            try FileSystem.write("disk", to: run.disk)
            try FileSystem.createDirectory(source / "disks/tiny-1")
            try FileSystem.write("base", to: source / "disks/tiny-1/base.qcow2")
            let transfer = RunTransfer(from: source, to: target, console: Console(.quiet))
            try await transfer.move(run)
            #expect(FileSystem.list(target / "runs") == ["c-0000-a0"])
            #expect(try FileSystem.readText(target / "runs/c-0000-a0/rr/x-rr-nondet.log") == "log")
            #expect(try FileSystem.readText(target / "disks/tiny-1/base.qcow2") == "base")
            #expect(FileSystem.list(source / "runs").isEmpty)
            try FileSystem.createDirectory(run.path)
            try FileSystem.write("other", to: run.record)
            try await transfer.move(run)
            #expect(!FileSystem.exists(target / "runs/c-0000-a0/run.json"))
            let left = FileSystem.list(source / "runs")
            #expect(left.count == 1 && left[0].hasPrefix("c-0000-a0.left-"))
        }
    }
}
