public import HostSupport
public import RunRecords

/// What the user asks for of the containers that engines run in.
public struct ContainerRequest: Sendable {
    /// The image's name.
    public var image: String
    /// The runtime's network that a container is connected to, or `host`; the runtime's own choice where there is none.
    public var network: String?
    /// Who runs the engine, by a name or number that the image knows; this user where there is none, or where this is
    /// root, ``unprivileged``.
    public var user: String?
    /// Who runs the engine where this user is root.
    public var unprivileged = ContainerUser(user: 1000, group: 1000)
    /// What a container may use up.
    public var limits = ContainerLimits()
    /// Further ports: the container's own, and the host's that lead there.
    public var ports: [PortForward] = []
    /// Ports of a container's own network that lead to ports of the guest, by the guest's; others have the host's number.
    public var innerPorts: [UInt16: UInt16] = [:]
    /// Further mounts.
    public var mounts: [ContainerMount] = []
    /// Whether the image's own init runs first, as root, with what it starts (`/sbin/my_init`).
    public var startsInit = false
    /// Where PANDA lies in the image, with `share` in it.
    public var pandaRoot: HostPath = "/opt/panda"
    /// The folder that the image's init starts in.
    public var workingFolder: HostPath?

    /// Asks for containers of an image.
    public init(image: String) {
        self.image = image
    }

    /// Where the image's bootstrap is looked for in a container.
    public var bootstrapFolder: HostPath { pandaRoot / "share/bootstrap" }
    /// Where recordings, and whatever else is kept of a run, lie in a container.
    public var recordingsFolder: HostPath { pandaRoot / "share/rr" }
}

/// A user and a group of a container, by their numbers.
public struct ContainerUser: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The user's number.
    public let user: UInt32
    /// The group's number.
    public let group: UInt32

    /// Describes a user.
    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    /// `USER:GROUP`.
    public var description: String { "\(user):\(group)" }
}
