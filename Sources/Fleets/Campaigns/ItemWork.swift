import Synchronization

/// The items that are still to be made, as those who make them share them.
final class ItemWork: Sendable {
    private struct State {
        var items: ArraySlice<CampaignPlan.Item>
        var going = 0
        var isClosed = false
        var problems: [Int: String] = [:]
    }

    private let state: Mutex<State>

    init(_ items: [CampaignPlan.Item]) {
        state = Mutex(State(items: items[...]))
    }

    /// The next item, which goes on then; nothing where there is none.
    func take() -> CampaignPlan.Item? {
        state.withLock { state in
            guard !state.isClosed, let item = state.items.popFirst() else { return nil }
            state.going += 1
            return item
        }
    }

    /// An item has ended.
    func end() { state.withLock { $0.going -= 1 } }

    /// Hands out no item any more.
    func close() { state.withLock { $0.isClosed = true } }

    /// Whether nothing goes on and nothing is handed out any more.
    var isOver: Bool { state.withLock { $0.going == 0 && ($0.isClosed || $0.items.isEmpty) } }

    /// An item failed, perhaps without a run.
    func fails(_ item: CampaignPlan.Item, _ why: String) {
        state.withLock { $0.problems[item.number] = why }
    }

    /// Why items failed, by their numbers.
    var problems: [Int: String] { state.withLock { $0.problems } }
}
