import Catalogue
import Foundation
import HostSupport
import RunRecords

extension Reconciler {
    /// Replays what was recorded and not replayed yet, one run after the other.
    ///
    /// - Parameter reconciliation: What was found.
    /// - Returns: The same, without the runs that have a verdict now.
    /// - Throws: ``HostSupport/Failure`` where the engine is missing, or a replay cannot be started.
    public func verify(_ reconciliation: Reconciliation) async throws -> Reconciliation {
        var result = reconciliation
        let catalogue = try? Catalogue(collection: collection, console: console)
        for pending in reconciliation.unverified where Interrupts.count == 0 {
            let record = try await RunMaker.verify(
                pending.record,
                in: pending.folder,
                engines: engines,
                console: console
            )
            guard record.state != .recorded else { continue }
            console.step("run \(record.id): \(record.state.rawValue)")
            try? catalogue?.enter(record, in: pending.folder)
            result.unverified.removeAll { $0.record.id == record.id }
        }
        return result
    }
}
