import Synchronization

/// Lets a number of tasks through at once; the others wait in the order in which they came.
final class Gate: Sendable {
    /// The right to be inside, until it is given up.
    final class Permit: Sendable {
        private let gate: Gate
        private let isHeld = Mutex(true)

        fileprivate init(gate: Gate) {
            self.gate = gate
        }

        /// Lets the next in; nothing happens where this was done before.
        func leave() {
            let wasHeld = isHeld.withLock { isHeld in
                defer { isHeld = false }
                return isHeld
            }
            if wasHeld { gate.letIn() }
        }
    }

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// How many of those that waited are inside.
        var served = 0
    }

    private let state: Mutex<State>

    init(width: Int) {
        state = Mutex(State(free: width))
    }

    /// Waits for this task's turn.
    ///
    /// - Returns: The right to be inside.
    func enter() async -> Permit {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
        return Permit(gate: self)
    }

    private func letIn() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.served < state.waiting.count else {
                state.free += 1
                return nil
            }
            let next = state.waiting[state.served]
            state.served += 1
            if state.served == state.waiting.count {
                state.waiting = []
                state.served = 0
            }
            return next
        }
        next?.resume()
    }
}
