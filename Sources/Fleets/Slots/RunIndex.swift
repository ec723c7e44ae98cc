import Catalogue
import HostSupport
import RunRecords
import Synchronization

/// The collection's catalogue, as fleets and campaigns write to it: what goes wrong there is told once and ends no run,
/// for the run folders have it all.
final class RunIndex: Sendable {
    private let catalogue: Catalogue?
    private let console: Console
    private let isWorking = Mutex(true)

    /// Opens a collection's catalogue; without one nothing is entered.
    init(collection: HostPath, console: Console) {
        self.console = console
        do {
            catalogue = try Catalogue(collection: collection, console: console)
        } catch {
            catalogue = nil
            console.warning("there is no catalogue: \(error)")
        }
    }

    private init(console: Console) {
        catalogue = nil
        self.console = console
    }

    /// Enters nothing: a task on another host leaves the catalogue to whoever gathers the runs.
    static func none(_ console: Console) -> RunIndex { RunIndex(console: console) }

    /// Enters a run's record.
    func enter(_ record: RunRecord, _ folder: RunFolder) {
        attempt { try catalogue?.enter(record, in: folder) }
    }

    /// Forgets a run that is gone.
    func remove(_ id: RunID) { attempt { try catalogue?.remove([id.description]) } }

    /// The bytes of all runs of the collection.
    var bytes: ByteSize { ByteSize(bytes: (try? catalogue?.totals().bytes) ?? 0) }

    private func attempt(_ body: () throws -> Void) {
        do {
            try body()
            isWorking.withLock { $0 = true }
        } catch {
            let wasWorking = isWorking.withLock { isWorking in
                defer { isWorking = false }
                return isWorking
            }
            if wasWorking { console.warning("the catalogue is behind: \(error)") }
        }
    }
}
