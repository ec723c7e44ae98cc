import HostSupport
import Synchronization

/// How much room a collection has left, as it was measured last.
final class CollectionSpace: Sendable {
    private struct State {
        var free: ByteSize?
        var used = ByteSize(bytes: 0)
        var problem: String?
    }

    private let collection: HostPath
    private let reserve: ByteSize
    private let budget: ByteSize?
    private let state = Mutex(State())

    init(_ plan: FleetPlan) {
        collection = plan.collection
        reserve = plan.reserve
        budget = plan.diskBudget
    }

    /// Measures again.
    ///
    /// - Parameter used: The bytes of all runs, which are summed up where there is a budget only.
    func measure(used: () -> ByteSize) {
        let used = budget == nil ? ByteSize(bytes: 0) : used()
        let free = Result { try FileSystem.freeSpace(at: collection) }
        state.withLock { state in
            state.used = used
            switch free {
            case .success(let size):
                state.free = size
                state.problem = nil
            case .failure(let error):
                state.problem = "\(error)"
            }
        }
    }

    /// The free room; nothing before it was measured.
    var free: ByteSize? { state.withLock { $0.free } }

    /// Why no run is to be started; nothing where there is room.
    var shortage: String? {
        state.withLock { state in
            if let problem = state.problem { return problem }
            if let free = state.free, free < reserve {
                return "only \(free) of disk are free, less than the reserve of \(reserve)"
            }
            if let budget, state.used > budget {
                return "the collection has \(state.used), more than its budget of \(budget)"
            }
            return nil
        }
    }
}
