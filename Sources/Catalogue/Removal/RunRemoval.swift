import Foundation
public import HostSupport
import RunRecords

/// Removes runs from the disk and from the catalogue.
public struct RunRemoval: Sendable {
    /// What was removed.
    public struct Result: Sendable, Hashable, Codable {
        /// The ids of the runs.
        public internal(set) var removed: [String] = []
        /// The runs that stay, and why.
        public internal(set) var kept: [RemovalPlan.Kept] = []
        /// What the runs took of the disk.
        public internal(set) var freed: UInt64 = 0

        /// Describes that nothing was removed.
        public init() {}

        /// Describes what a plan will remove.
        public init(_ plan: RemovalPlan) {
            removed = plan.runs.map(\.id)
            kept = plan.kept
            freed = plan.bytes.bytes
        }
    }

    private static let prefix = ".removing-"
    private let catalogue: Catalogue

    /// Prepares to remove runs.
    ///
    /// - Parameter catalogue: Their catalogue.
    public init(of catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// What was being removed when its process died.
    ///
    /// - Parameter collection: The collection.
    /// - Returns: The folders.
    public static func leftOver(in collection: HostPath) -> [HostPath] {
        let runs = collection / "runs"
        return FileSystem.list(runs).filter { $0.hasPrefix(prefix) }.map { runs / $0 }
    }

    /// Removes runs; one that somebody holds stays.
    ///
    /// - Parameters:
    ///   - plan: The runs.
    ///   - progress: Is told each run that is gone.
    /// - Returns: What was removed.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be written, and with `interrupted`.
    public func carryOut(_ plan: RemovalPlan, progress: (CataloguedRun) -> Void) throws -> Result {
        var result = Result()
        result.kept = plan.kept
        for run in plan.runs {
            if Interrupts.count > 0 { throw Failure(.interrupted, "interrupted") }
            let folder = RunFolder(catalogue.collection / "runs" / run.id)
            do {
                guard try catalogue.isAsKnown(run) else {
                    result.kept.append(.init(id: run.id, reason: "it has changed meanwhile"))
                    continue
                }
                let lock = try FileLock(unlessHeld: folder.lock)
                defer { withExtendedLifetime(lock) {} }
                // A run that is half gone must not be taken for one.
                let going = folder.path.parent / (Self.prefix + run.id)
                try FileSystem.rename(folder.path, to: going)
                try FileSystem.remove(going)
            } catch let failure as Failure {
                let reason = failure.code == .timeout ? "it is going on" : failure.message
                result.kept.append(.init(id: run.id, reason: reason))
                continue
            }
            try catalogue.remove([run.id])
            result.removed.append(run.id)
            result.freed += run.bytes ?? 0
            progress(run)
        }
        return result
    }
}

extension Catalogue {
    /// Whether a run's record is what it was when it was entered.
    fileprivate func isAsKnown(_ run: CataloguedRun) throws -> Bool {
        try stamp(of: run.id) == RecordStamp(RunFolder(collection / "runs" / run.id))
    }
}
