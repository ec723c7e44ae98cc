import Foundation
public import HostSupport

/// The runs that will be removed, oldest first, and those that stay though they were asked for.
public struct RemovalPlan: Sendable, Hashable {
    /// A run that stays.
    public struct Kept: Sendable, Hashable, Codable {
        /// Its id.
        public let id: String
        /// Why.
        public let reason: String

        /// Says why a run stays.
        public init(id: String, reason: String) {
            self.id = id
            self.reason = reason
        }
    }

    /// The runs that go.
    public let runs: [CataloguedRun]
    /// The runs that stay, and why.
    public let kept: [Kept]

    /// What the runs that go take of the disk.
    public var bytes: ByteSize { ByteSize(bytes: runs.reduce(0) { $0 + ($1.bytes ?? 0) }) }

    /// Chooses the runs.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - catalogue: The catalogue, up to date.
    ///   - free: The room that is free on the disk.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public static func make(_ request: RemovalRequest, of catalogue: Catalogue, free: ByteSize) throws
        -> RemovalPlan
    {
        var query = request.query
        // A run that failed may have a recording that was salvaged and verified: it counts among the verified.
        query.states = []
        query.order = .time
        query.isDescending = false
        query.limit = nil
        query.offset = 0
        let total = try catalogue.totals().bytes
        return RemovalPlan(request, of: try catalogue.runs(query), total: total, free: free.bytes)
    }

    /// Chooses among runs that are sorted by their time.
    init(_ request: RemovalRequest, of all: [CataloguedRun], total: UInt64, free: UInt64) {
        var kept: [Kept] = []
        var candidates = all.filter { run in
            guard request.states.contains(run.state) || request.states.contains(run.effectiveState) else {
                return false
            }
            if let before = request.before, run.planned >= before { return false }
            guard !run.state.isGoingOn else {
                kept.append(Kept(id: run.id, reason: "it is going on, or was not brought to its end"))
                return false
            }
            guard request.states.contains(run.effectiveState) else {
                kept.append(Kept(id: run.id, reason: "a recording of it is verified"))
                return false
            }
            return true
        }
        candidates.removeLast(min(candidates.count, max(0, request.keptNewest)))
        var excess = Int64.max
        if request.mostBytes != nil || request.freeBytes != nil {
            let tooMany = request.mostBytes.map { Int64(clamping: total) - Int64(clamping: $0.bytes) } ?? 0
            let tooFew = request.freeBytes.map { Int64(clamping: $0.bytes) - Int64(clamping: free) } ?? 0
            excess = max(tooMany, tooFew)
        }
        runs = Array(
            candidates.prefix { run in
                defer { excess -= excess == .max ? 0 : Int64(clamping: run.bytes ?? 0) }
                return excess > 0
            }
        )
        self.kept = kept
    }
}

extension CataloguedRun {
    /// The state that counts when a run may go: one with a verified recording is verified whatever became of it.
    fileprivate var effectiveState: State {
        state == .failed && verified > 0 ? .verified : state
    }
}
