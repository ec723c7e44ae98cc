public import Foundation
public import HostSupport

/// Which runs are to be removed from the disk.
public struct RemovalRequest: Sendable, Hashable {
    /// Which runs may go; of the states those only that are named, else failed and diverged ones.
    public var query = RunQuery()
    /// Only those that were planned before this time.
    public var before: Date?
    /// So many of the newest that may go stay.
    public var keptNewest = 0
    /// The oldest go until so much room is free on the disk.
    public var freeBytes: ByteSize?
    /// The oldest go until the collection's runs take no more than this.
    public var mostBytes: ByteSize?

    /// Asks for all failed and diverged runs.
    public init() {}

    /// The states of runs that may go.
    var states: Set<CataloguedRun.State> { query.states.isEmpty ? [.failed, .diverged] : query.states }
}
