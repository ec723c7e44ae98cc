public import Containers
public import GuestImages
public import HostSupport
public import RunRecords

/// All that starting a guest takes, as a plain value.
public struct GuestPlan: Sendable, Codable {
    /// The name of its image.
    public let image: String
    /// The machine.
    public let machine: Machine
    /// What starts the engine.
    public let command: LaunchCommand
    /// The container that the engine runs in; nothing where it runs on this host.
    public var container: ContainerPlan?
    /// The folder of its logs, its disk and the engine's working folder.
    public let folder: HostPath
    /// The private folder for sockets and keys, which is gone afterwards.
    public let runtimeFolder: HostPath
    /// The disk that is made for it; none where the guest has none.
    public let disk: DerivedDisk?
    /// The user's own disk that it writes to; none where a disk is made for it, or where it has none.
    public let writtenDisk: HostPath?
    /// The user's folder that it is handed on a disk when it boots, instead of what other guests are handed.
    public let volume: HostPath?
    /// The warm state that it is resumed from; none where it boots.
    public let warmState: String?
    /// The bundle that customises it.
    public let bundle: BundlePlan?
    /// How it takes what it is handed.
    public let agent: GuestImage.Agent
    /// The user that logs in to it.
    public let user: String
    /// The ports that lead to it, once it has been prepared.
    public let forwards: [PortForward]
    /// The host's port of its ssh server.
    public let sshPort: UInt16
    /// What it is to call itself; its image's name for it where there is none.
    public let hostName: String?
    /// Where it may connect to.
    public let egress: EgressPolicy
    /// What keeps its engine within bounds.
    public let containment: RunRecord.Containment
    /// How many recordings it may begin; any number where there is nothing.
    public let recordingLimit: Int?
    /// How long it may take until it is ready, in seconds.
    public let readySeconds: Double

    /// The host's port that leads to a port of the guest.
    ///
    /// - Parameter port: The guest's port.
    /// - Returns: The host's port; 0 where none leads there.
    public func hostPort(of port: UInt16) -> UInt16 { forwards.hostPort(of: port) ?? 0 }

    /// The command line that takes the terminal to the console of a guest that has one; Ctrl-] leads back.
    var consoleCommand: [String] {
        ["socat", "STDIO,raw,echo=0,escape=0x1d", "UNIX-CONNECT:\(runtime.console)"]
    }
    /// The folder, with the names of its files.
    var files: RunFolder { RunFolder(folder) }
    /// The private folder, with the names of its files.
    var runtime: RuntimeFolder { RuntimeFolder(path: runtimeFolder) }
    /// The ssh client's view of the guest.
    var ssh: GuestSSH {
        GuestSSH(
            user: user,
            port: sshPort,
            folder: runtimeFolder,
            // A tiny guest's server has one kind of key; others look like any server's.
            hostKeyTypes: agent == .none || volume != nil
                ? [] : disk == nil ? ["ed25519"] : ["ed25519", "ecdsa", "rsa"]
        )
    }
}

/// The private folder of a run, which only its user can enter and which is gone after the run.
struct RuntimeFolder: Sendable {
    let path: HostPath

    /// The folder that the engine may make its socket in.
    var sockets: HostPath { path / "s" }
    /// The socket of the QEMU machine protocol, made by the engine.
    var machineProtocol: HostPath { sockets / "qmp" }
    /// The socket of the guest's console, made by the engine where somebody may connect to it.
    var console: HostPath { sockets / "console" }
    /// The socket of the guest's bootstrap agent, made by us.
    var agent: HostPath { path / "agent" }
    /// The socket that every frame of the guest's network is copied to, made by us.
    var packets: HostPath { path / "packets" }
    /// The sockets of the egress filter, made by us: what the guest sends, what is sent to it, and what may go on.
    var outward: HostPath { path / "outward" }
    var inward: HostPath { path / "inward" }
    var back: HostPath { path / "back" }

    /// Those of them that there are.
    func gate(for egress: EgressPolicy) -> [HostPath] {
        if case .allowed = egress { [outward, inward, back] } else { [] }
    }

    /// The socket that the machine's state is sent to when it is saved, made by us when it is.
    var state: HostPath { sockets / "state" }
    /// What the guest is handed, as a folder.
    var bundle: HostPath { path / "bundle" }
    /// What the guest is handed, as an archive.
    var bundleArchive: HostPath { path / "bundle.tar" }
    /// What the guest is handed, as a disk; the engine may write to it.
    var bundleDisk: HostPath { sockets / "bundle.img" }
    /// The user's bundle, rendered, with a folder for each side.
    var rendered: HostPath { path / "rendered" }
    /// The container's side of the user's bundle.
    var renderedContainer: HostPath { rendered / "docker" }
    /// The guest's side of the user's bundle.
    var renderedGuest: HostPath { rendered / "vm" }
}
