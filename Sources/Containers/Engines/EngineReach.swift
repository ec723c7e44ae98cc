public import HostSupport
public import PandaEngine
public import RunRecords

/// What an engine is to reach of this host: all of it, and nothing else.
public struct EngineReach: Sendable {
    /// Files and folders that it may write to, besides its working folder.
    public var writable: [HostPath]
    /// Files and folders that it only reads.
    public var readable: [HostPath]
    /// Folders with files that it only reads, and which of them: a container sees the folder, an engine of this host
    /// the files.
    public var partlyReadable: [HostPath: [HostPath]] = [:]
    /// Sockets of ours that it connects to.
    public var sockets: [HostPath]
    /// Files that it is to have open for reading, by their file descriptors' numbers.
    public var inputs: [Int: HostPath]
    /// The ports that lead to its guest.
    public var forwards: [PortForward]
    /// The X display that it shows its guest on; none where it shows nothing.
    public var display: String?
    /// Words of the user's in which files may be named: an engine of this host may read those.
    public var named: [String] = []
    /// What an engine of this host may do over a network; nothing by default.
    public var network = EngineBounds.Network()
    /// What an engine of this host may use up.
    public var limits = EngineLimits()
    /// The folder of further plugins, which PANDA finds below it as below its own; none where there is nothing.
    public var pluginFolder: HostPath?
    /// How many recordings its guest may begin; any number where there is nothing.
    public var recordingLimit: Int?

    /// Describes what an engine reaches; nothing by default.
    public init(
        writable: [HostPath] = [],
        readable: [HostPath] = [],
        sockets: [HostPath] = [],
        inputs: [Int: HostPath] = [:],
        forwards: [PortForward] = [],
        display: String? = nil
    ) {
        self.writable = writable
        self.readable = readable
        self.sockets = sockets
        self.inputs = inputs
        self.forwards = forwards
        self.display = display
    }
}

/// How an engine is started: a command, and the container that it makes, where it makes one.
public struct EngineLaunch: Sendable {
    /// What is started.
    public let command: LaunchCommand
    /// The container; nothing where the engine runs on this host.
    public let container: ContainerPlan?
    /// What keeps it within bounds.
    public let containment: RunRecord.Containment
}
