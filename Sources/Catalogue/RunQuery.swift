public import Foundation
public import RunRecords

/// Which runs are asked for, and in which order.
public struct RunQuery: Sendable, Hashable {
    /// What runs are sorted by.
    public enum Order: String, Sendable, CaseIterable {
        /// The time at which they were planned.
        case time
        /// Their ids.
        case id
        /// Their states, in the order of their names.
        case state
        /// The names of their images.
        case image
        /// What they take of the disk.
        case size
        /// How many recordings they have.
        case recordings
        /// When they changed last.
        case change
    }

    /// The states; any where there are none.
    public var states: Set<CataloguedRun.State> = []
    /// The guest image's name.
    public var image: String?
    /// Whether a fleet or a campaign made them.
    public var originKind: RunRecord.Origin.Kind?
    /// The name of the fleet or campaign.
    public var originName: String?
    /// The number of the slot or item.
    public var originNumber: Int?
    /// Only those that were planned at this time or later.
    public var since: Date?
    /// Only those that were planned before this time.
    public var until: Date?
    /// Only those that a peer of this address was connected to.
    public var peer: String?
    /// Only those with each of these tags.
    public var tags: [String] = []
    /// Only those that are called so.
    public var label: String?
    /// A text that is in the id, the image's name, the reason, or what a peer sent or tried to log in as.
    public var text: String?
    /// What they are sorted by.
    public var order = Order.time
    /// Whether the greatest comes first.
    public var isDescending = true
    /// The most runs; any number where there is none.
    public var limit: Int?
    /// How many of the first ones are left out.
    public var offset = 0

    /// Asks for all runs, the newest first.
    public init() {}
}
