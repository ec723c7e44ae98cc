import Capture
import Containers
import Foundation
import HostSupport
import RunRecords

/// Makes the items of a campaign: tries each until it is done, or may not be tried any more.
struct ItemMaker: Sendable {
    /// How long somebody else may hold the run of an item that is to be gone on with: a network file system may take a
    /// minute and a half to find that a node has died.
    private static let patience = Duration.seconds(180)

    let plan: CampaignPlan
    /// Where the campaign's runs are.
    let collection: HostPath
    /// Where runs are made before they are moved to the collection; nothing where they are made in it.
    let workshop: HostPath?
    let version: String
    let engines: EngineSource
    let control: FleetControl
    /// The collection's catalogue; nothing where somebody else enters the runs.
    let catalogue: RunIndex
    let console: Console

    /// Makes an item, as far as that has not been done.
    ///
    /// - Parameter item: The item.
    /// - Returns: What came of it.
    /// - Throws: `CancellationError`.
    func make(_ item: CampaignPlan.Item) async throws -> ItemOutcome {
        while true {
            do {
                try await finish(item)
            } catch let failure as Failure {
                return control.isDraining ? .interrupted : .failed("\(failure)")
            }
            let history = ItemHistory.read(plan.name, item: item.number, in: collection)
            if let outcome = history.outcome(retries: plan.retries) { return outcome }
            if control.isDraining { return .interrupted }
            if let outcome = try await attempt(history.next, of: item) { return outcome }
        }
    }

    /// Makes a run of an item.
    ///
    /// - Returns: What came of the item; nothing where its runs tell, and it may be tried again.
    private func attempt(_ number: Int, of item: CampaignPlan.Item) async throws -> ItemOutcome? {
        do {
            guard let record = try await makeRun(number, of: item) else { return .interrupted }
            guard case .cut(let why) = ItemHistory.verdict(record) else { return nil }
            // The next run would be cut for the same reason, now.
            return control.isDraining ? .interrupted : .failed(why)
        } catch let failure as Failure {
            if control.isDraining { return .interrupted }
            // What has left a run counts there, and is tried again; what has left none would fail again at once.
            let history = ItemHistory.read(plan.name, item: item.number, in: collection)
            if case .failed? = history.attempts.first(where: { $0.number == number })?.verdict { return nil }
            return .failed("\(failure)")
        }
    }

    /// Brings to an end what an earlier process, or another node, has left of an item.
    private func finish(_ item: CampaignPlan.Item) async throws {
        if let workshop { try await finish(item, in: workshop) }
        try await finish(item, in: collection)
    }

    private func finish(_ item: CampaignPlan.Item, in place: HostPath) async throws {
        for attempt in ItemHistory.read(plan.name, item: item.number, in: place).attempts {
            guard var record = attempt.record else {
                try await bring(attempt.folder, from: place)
                continue
            }
            if attempt.verdict == .unfinished { record = try await recover(attempt) }
            if ItemHistory.verdict(record) == .recorded {
                guard let verified = try await verify(record, in: attempt.folder) else { return }
                record = verified
            }
            try await bring(attempt.folder, from: place)
            catalogue.enter(record, RunFolder(collection: collection, id: record.id))
        }
    }

    /// Brings a run to the collection that was made elsewhere.
    private func bring(_ folder: RunFolder, from place: HostPath) async throws {
        guard place != collection else { return }
        try await RunTransfer(from: place, to: collection, console: console).move(folder)
    }

    private func recover(_ attempt: ItemHistory.Attempt) async throws -> RunRecord {
        let recovered = try await poll(for: Self.patience, every: .seconds(1)) { () -> RunRecord? in
            do {
                return try await RunRecovery.read(attempt.folder)
            } catch let failure as Failure where failure.code == .timeout {
                if control.isDraining { throw failure }
                return nil
            }
        }
        guard let recovered else {
            throw Failure(.timeout, "the run \(attempt.folder.path.name) is still going on elsewhere")
        }
        return recovered
    }

    /// Makes one run of an item, and proves that it replays.
    ///
    /// - Returns: Its record; nothing where the campaign is ended before it began.
    private func makeRun(_ number: Int, of item: CampaignPlan.Item) async throws -> RunRecord? {
        let place = workshop ?? collection
        let request = try plan.request(for: item, attempt: number, collection: place, console: nil)
        let made = try await control.withRun(of: item.number) { () -> (RunRecord, RunFolder) in
            let capture = try await CapturePlanner(version: version, engines: engines).plan(request)
            let run = RunMaker(
                plan: capture,
                engines: engines,
                console: console.named("item \(item.number)"),
                isLive: false,
                verifies: false
            )
            return (try await run.make().record, RunFolder(capture.folder))
        }
        guard var (record, folder) = made else { return nil }
        if ItemHistory.verdict(record) == .recorded {
            record = try await verify(record, in: folder) ?? record
        }
        if place != collection {
            try await bring(folder, from: place)
            folder = RunFolder(collection: collection, id: record.id)
        }
        catalogue.enter(record, folder)
        return record
    }

    /// Replays what a run recorded.
    ///
    /// - Returns: The record with the verdicts; nothing where there is a hurry.
    private func verify(_ record: RunRecord, in folder: RunFolder) async throws -> RunRecord? {
        let verified = try await control.withReplay {
            try await RunMaker.verify(
                record,
                in: folder,
                engines: engines,
                console: console.named("\(record.id)")
            )
        }
        guard let verified, verified.state == .recorded else { return verified }
        // It was given up: nobody can tell yet whether it replays.
        if control.level == .hurrying { return nil }
        let problem = verified.recordings.compactMap(\.verification?.problem).first
        throw Failure(.timeout, "the run \(record.id) could not be replayed: \(problem ?? "it was given up")")
    }
}
