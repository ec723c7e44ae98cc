import Catalogue
public import Containers
import Foundation
public import HostSupport
import RunRecords

/// Puts a collection right after whatever has happened.
///
/// Runs are brought to their ends, engines that nobody minds are ended, and the catalogue says what is there. Nothing
/// that was recorded is thrown away.
///
/// Several may do so at once, and beside runs that are going on: a run belongs to whoever holds its lock.
public struct Reconciler: Sendable {
    private static let width = 4

    let collection: HostPath
    let engines: EngineSource
    let console: Console

    /// Prepares to put a collection right.
    ///
    /// - Parameters:
    ///   - collection: The collection.
    ///   - engines: Where the engine comes from that proves what was salvaged.
    ///   - console: Where steps and progress are told.
    public init(collection: HostPath, engines: EngineSource, console: Console) {
        self.collection = FileSystem.absolute(collection)
        self.engines = engines
        self.console = console
    }

    /// Puts the collection right.
    ///
    /// What has not changed since the catalogue was last brought up to date is not looked into.
    ///
    /// - Parameters:
    ///   - isPlan: Whether to say only what would be done.
    ///   - proves: Whether what was salvaged is replayed, and cut earlier where that departs from the log.
    /// - Returns: What was found and done, and what is left to be replayed.
    /// - Throws: ``HostSupport/Failure`` with `interrupted` where a signal arrived; `CancellationError`.
    public func run(isPlan: Bool = false, proves: Bool = false) async throws -> Reconciliation {
        var result = Reconciliation()
        let runs = collection / "runs"
        let catalogue = open(isPlan)
        let survey = try catalogue?.survey() ?? CollectionSurvey(of: collection)
        result.folders = survey.folders
        result.examined = survey.changed.count
        let orphans = OrphanedEngines.find(in: runs)
        try await withThrowingTaskGroup(of: RunExamination.Outcome.self) { group in
            var waiting = survey.changed[...]
            func startNext() {
                guard Interrupts.count == 0, let folder = waiting.popFirst() else { return }
                let examination = RunExamination(
                    folder: folder,
                    orphans: FileSystem.resolved(folder.path).flatMap { orphans[$0] } ?? [],
                    reconciler: self,
                    isPlan: isPlan,
                    proves: proves
                )
                group.addTask { try await examination.run() }
            }
            for _ in 0..<Self.width { startNext() }
            var done = 0
            while let outcome = try await group.next() {
                done += 1
                console.progress("looking into \(done) of \(survey.changed.count) runs")
                result.take(outcome)
                startNext()
            }
        }
        console.endProgress()
        if Interrupts.count > 0 { throw Failure(.interrupted, "interrupted") }
        result.findings += leftovers(isPlan)
        result.findings.sort { $0.subject < $1.subject }
        result.unverified.sort { $0.record.id.description < $1.record.id.description }
        if let catalogue, catalogue.access == .writing, !isPlan {
            do { _ = try catalogue.refresh() } catch { console.warning("\(error)") }
        }
        return result
    }

    /// The catalogue; nothing where there is none that can be used: then every run is looked into.
    private func open(_ isPlan: Bool) -> Catalogue? {
        do {
            if isPlan, !FileSystem.exists(Catalogue.file(in: collection)) { return nil }
            return isPlan
                ? try Catalogue(reading: collection)
                : try Catalogue(collection: collection, isFilled: false, console: console)
        } catch {
            console.warning("every run is looked into, for there is no catalogue: \(error)")
            return nil
        }
    }

    private func leftovers(_ isPlan: Bool) -> [Reconciliation.Finding] {
        var findings: [Reconciliation.Finding] = []
        func remove(_ path: HostPath, _ note: String, _ body: () throws -> Void) {
            do {
                if !isPlan { try body() }
                findings.append(.init(subject: path.string, deed: .removed, note: note))
            } catch {
                findings.append(.init(subject: path.string, deed: .notDone, note: "\(error)"))
            }
        }
        for path in RunRemoval.leftOver(in: collection) {
            remove(path, "a run that was being removed") { try FileSystem.remove(path) }
        }
        do {
            for path in try Storage.removeLeftRuntimeDirectories(isPlan: isPlan) {
                remove(path, "sockets and keys of a process that died") {}
            }
        } catch {
            console.warning("\(error)")
        }
        return findings
    }
}

extension Reconciliation {
    fileprivate mutating func take(_ outcome: RunExamination.Outcome) {
        findings += outcome.findings
        if let pending = outcome.pending { unverified.append(pending) }
        if outcome.isGoingOn { goingOn.append(outcome.run) }
    }
}
