public import Fleets
public import HostSupport

/// What a dashboard shows, and what it lets do.
public struct DashboardSettings: Sendable {
    /// Makes the page with pictures of a run, given its folder.
    public typealias Reporter = @Sendable (HostPath) async throws -> String

    /// The collections; their fleets are shown, too.
    public var collections: [HostPath]
    /// Further fleets.
    public var fleets: [FleetFolder] = []
    /// A dataset's folder.
    public var dataset: HostPath?
    /// Whether fleets may be drained and ended.
    public var allowsControl = false
    /// Where it listens.
    public let address: ListenAddress
    /// The version of PANDAcap, for the foot of the pages.
    public let version: String
    /// What makes the pages with pictures.
    public let report: Reporter

    /// Describes a dashboard that only shows.
    public init(
        collections: [HostPath],
        address: ListenAddress,
        version: String,
        report: @escaping Reporter
    ) {
        self.collections = collections
        self.address = address
        self.version = version
        self.report = report
    }
}
