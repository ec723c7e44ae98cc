import Foundation
import HostSupport
import Synchronization

/// Tells how a campaign goes on: a line that is drawn anew on a terminal, and a line for each item elsewhere.
final class CampaignProgress: Sendable {
    private struct State {
        var done = 0
        var made = 0
        var running = 0
        var unsuccessful = 0
    }

    private let state: Mutex<State>
    private let total: Int
    private let console: Console
    private let start = ContinuousClock.now

    /// - Parameters:
    ///   - total: How many items there are.
    ///   - done: How many of them were done before.
    ///   - console: Where it is told.
    init(total: Int, done: Int, console: Console) {
        self.total = total
        self.console = console
        state = Mutex(State(done: done))
    }

    /// An item is begun.
    func begins() { state.withLock { $0.running += 1 } }

    /// An item that was begun has ended, for good or not.
    func ends(_ item: CampaignPlan.Item, _ outcome: ItemOutcome, after time: Duration) {
        state.withLock { $0.running -= 1 }
        finished(item, outcome, after: time)
    }

    /// An item was made, here or elsewhere.
    func finished(_ item: CampaignPlan.Item, _ outcome: ItemOutcome, after time: Duration?) {
        if outcome == .interrupted { return }
        let count = state.withLock { state -> Int in
            state.done += 1
            state.made += 1
            if case .verified = outcome {} else { state.unsuccessful += 1 }
            return state.done
        }
        let took = time.map { " in \($0.text)" } ?? ""
        let line = "\(count) of \(total): item \(item.number), \(item.text): "
        switch outcome {
        case .verified(let id):
            let text = line + "verified\(took), run \(id)"
            if StandardStream.error.isTerminal { console.detail(text) } else { console.step(text) }
        case .diverged(let why):
            console.warning(line + "diverged: \(why.firstLine ?? why)")
        case .failed(let why):
            console.warning(line + "failed: \(why.firstLine ?? why)")
        case .interrupted:
            break
        }
    }

    /// Draws the line anew.
    func draw() {
        console.progress(
            state.withLock { state in
                let left = Self.remaining(
                    total: total,
                    done: state.done,
                    made: state.made,
                    after: ContinuousClock.now - start
                )
                return "\(state.done) of \(total)"
                    + (state.unsuccessful > 0 ? ", \(state.unsuccessful) not verified" : "")
                    + ", \(state.running) going on" + (left.map { ", about \($0.text) left" } ?? "")
            }
        )
    }

    /// Says how many are going on, where somebody else makes them.
    func going(_ count: Int) { state.withLock { $0.running = count } }

    /// How long the rest takes at the pace so far; nothing where there is none yet.
    ///
    /// - Parameters:
    ///   - total: How many items there are.
    ///   - done: How many are done, those of earlier processes included.
    ///   - made: How many were made in `time`.
    ///   - time: How long that took.
    /// - Returns: The estimate.
    static func remaining(total: Int, done: Int, made: Int, after time: Duration) -> Duration? {
        guard made > 0, done <= total else { return nil }
        return time * (total - done) / made
    }
}
