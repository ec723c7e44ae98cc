public import Bootstrap
public import HostSupport
public import RunRecords

/// What the user asks for: a bundle that customises the guest before anybody can reach it.
public struct BundleRequest: Sendable {
    /// The bundle.
    public var bundle: BootstrapBundle
    /// The user's settings.
    public var variables: Variables
    /// Files of the host that are added to the bundle.
    public var added: [HostPath]
    /// How long the guest may take to run it.
    public var timeLimit: Duration

    /// Asks for a bundle.
    public init(
        bundle: BootstrapBundle,
        variables: Variables,
        added: [HostPath] = [],
        timeLimit: Duration = .seconds(120)
    ) {
        self.bundle = bundle
        self.variables = variables
        self.added = added
        self.timeLimit = timeLimit
    }
}

/// All that handing a bundle to a guest takes, as a plain value.
public struct BundlePlan: Sendable, Codable {
    /// How the guest gets the bundle.
    public enum Delivery: String, Sendable, Codable {
        /// As an archive, over the second serial port.
        case archive
        /// As a disk that is plugged in when the guest runs, and out again.
        case volume
        /// As a disk that is there when the guest boots, and is plugged out.
        case volumeAtBoot
    }

    /// What the run's record says of it.
    public let record: RunRecord.Bundle
    /// What its templates see.
    public let values: [String: String]
    /// Files of the host that are added to it.
    public let added: [HostPath]
    /// How the guest gets it.
    public let delivery: Delivery
    /// How long the guest may take to run it, in seconds.
    public let seconds: Double
    /// The run's name.
    public let runID: String
}
