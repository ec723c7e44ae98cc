public import HostSupport
public import RunRecords

/// All that a run will start, open and write, as a plain value: what `--dry-run` shows and ``Capture`` acts on.
public struct CapturePlan: Sendable, Codable {
    /// The record of the run, in its first state; it has the engine's command line.
    public let record: RunRecord
    /// The run's folder.
    public let folder: HostPath
    /// The home of the guest image.
    public let home: HostPath
    /// The private folder for sockets and keys, which is gone after the run.
    public let runtimeFolder: HostPath
    /// The user that logs in to the guest.
    public let user: String
    /// The host's port of the guest's ssh server.
    public let sshPort: UInt16
    /// The recording's name, handed to the guest; none where the guest itself calls `recctrlu`.
    public let sessionName: String?
    /// The command to run in the guest.
    public let command: [String]
    /// How many recordings to make.
    public let recordings: Int
    /// How long the guest may take until it is ready, in seconds.
    public let readySeconds: Double
    /// How long a recording may last, in seconds.
    public let timeLimitSeconds: Double?
    /// Room that is left free on the file system of the run.
    public let reserve: ByteSize

    /// The run's folder, with the names of its files.
    var files: RunFolder { RunFolder(folder) }
    /// The private folder, with the names of its files.
    var runtime: RuntimeFolder { RuntimeFolder(path: runtimeFolder) }
    /// The ssh client's view of the guest.
    var ssh: GuestSSH { GuestSSH(user: user, port: sshPort, folder: runtimeFolder) }

    /// How to log in to the guest while the run lasts.
    public var loginCommand: [String] { ["ssh"] + ssh.arguments(command: []) }
}

/// The private folder of a run, which only its user can enter and which is gone after the run.
struct RuntimeFolder: Sendable {
    let path: HostPath

    /// The folder that the engine may make its socket in.
    var sockets: HostPath { path / "s" }
    /// The socket of the QEMU machine protocol, made by the engine.
    var machineProtocol: HostPath { sockets / "qmp" }
    /// The socket of the guest's bootstrap agent, made by us.
    var agent: HostPath { path / "agent" }
    /// The socket that every frame of the guest's network is copied to, made by us.
    var packets: HostPath { path / "packets" }
    /// What the guest is handed, as a folder.
    var bundle: HostPath { path / "bundle" }
    /// What the guest is handed, as an archive.
    var bundleArchive: HostPath { path / "bundle.tar" }
}
