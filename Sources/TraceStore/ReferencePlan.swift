/// Which snapshots are kept whole, and against which of them each other one is packed.
///
/// Choosing few that cost the least together is a facility location problem; one after the other is taken that saves
/// the most, until none saves anything, which is never far from the best (Hochbaum, Math. Programming 22, 1982).
public struct ReferencePlan: Sendable, Hashable {
    // Beyond so many candidates of one machine the next is hardly better.
    private static let mostCandidates = 24
    /// For each snapshot, the number of its reference; nothing where it is kept whole.
    public let references: [Int?]

    /// Chooses.
    ///
    /// - Parameters:
    ///   - snapshots: The snapshots.
    ///   - kept: Those of them that are kept whole already: they stay so, and are used.
    ///   - packed: Those of them that are packed already, and are not to be used.
    public init(_ snapshots: [SnapshotSketch], kept: Set<Int> = [], packed: Set<Int> = []) {
        var wholes = kept
        var costs = snapshots.map { Double($0.pages.count) }
        var chosen = [Int?](repeating: nil, count: snapshots.count)
        let open = snapshots.indices.filter { !packed.contains($0) }

        /// What each would cost against a snapshot, where that is less than now.
        func savings(_ whole: Int) -> [(snapshot: Int, cost: Double)] {
            open.compactMap { other in
                guard other != whole, !wholes.contains(other) else { return nil }
                let cost = Self.cost(of: snapshots[other], against: snapshots[whole])
                return cost < costs[other] ? (other, cost) : nil
            }
        }
        func use(_ whole: Int, _ savings: [(snapshot: Int, cost: Double)]) {
            for (other, cost) in savings { (costs[other], chosen[other]) = (cost, whole) }
        }
        for whole in kept.sorted() { use(whole, savings(whole)) }

        var candidates = Self.candidates(snapshots, open.filter { !kept.contains($0) })
        while true {
            let offers = candidates.map { candidate in
                let savings = savings(candidate)
                let price = Double(snapshots[candidate].pages.count) - costs[candidate]
                return (
                    candidate, savings, savings.reduce(-price) { $0 + costs[$1.snapshot] - $1.cost }
                )
            }
            guard let best = offers.max(by: { $0.2 < $1.2 }), best.2 > 0 else { break }
            wholes.insert(best.0)
            (costs[best.0], chosen[best.0]) = (Double(snapshots[best.0].pages.count), nil)
            use(best.0, best.1)
            candidates.removeAll { $0 == best.0 }
        }
        references = chosen
    }

    /// What a snapshot takes against another, in pages of a whole one.
    ///
    /// The more pages are the same, the more of the others are the same in part: of two boots of one machine a third of
    /// the pages differs, and takes half of what it takes in a whole snapshot.
    private static func cost(of snapshot: SnapshotSketch, against other: SnapshotSketch) -> Double {
        let count = Double(snapshot.pages.count)
        let new = Double(snapshot.pages(besides: other))
        return count > 0 ? new * (1 - 0.7 * (count - new) / count) : 0
    }

    /// Snapshots of each machine, from its first to its last.
    private static func candidates(_ snapshots: [SnapshotSketch], _ open: [Int]) -> [Int] {
        Dictionary(grouping: open) { snapshots[$0].machine }.values.flatMap { group in
            let count = min(group.count, mostCandidates)
            return (0..<count).map { group[$0 * group.count / count] }
        }.sorted()
    }
}
