public import HostSupport

/// The folder of a run: every file in it has its name here and nowhere else.
public struct RunFolder: Sendable, Hashable {
    /// The folder.
    public let path: HostPath

    /// Describes the folder at a path.
    public init(_ path: HostPath) {
        self.path = path
    }

    /// The folder of a run in a collection.
    public init(collection: HostPath, id: RunID) {
        path = collection / "runs" / id.description
    }

    /// `run.json`: the record of the run.
    public var record: HostPath { path / "run.json" }
    /// `run.lock`: held by the process that makes the run, as long as it lives.
    public var lock: HostPath { path / "run.lock" }
    /// `command.txt`: the engine's command line, to be repeated by hand.
    public var command: HostPath { path / "command.txt" }
    /// `engine.log`: what the engine printed.
    public var engineLog: HostPath { path / "engine.log" }
    /// `console.log`: what the guest printed on its first serial port.
    public var console: HostPath { path / "console.log" }
    /// `console.first.log`: the same of a guest that ended its machine while it started, and was started once more.
    public var firstConsole: HostPath { path / "console.first.log" }
    /// `net.pcap`: every frame of the guest's network, with the host's time.
    public var packets: HostPath { path / "net.pcap" }
    /// `peers.json`: who was connected to the guest, found in `net.pcap` and `console.log`.
    public var peers: HostPath { path / "peers.json" }
    /// `disk.qcow2`: what the guest wrote to its disk, over the image's base disk.
    public var disk: HostPath { path / "disk.qcow2" }
    /// `kernelinfo.conf`: what PANDA's plugin osi_linux has to know of the guest's kernel.
    public var kernelInformation: HostPath { path / "kernelinfo.conf" }
    /// `stdout.log`: what the guest's command wrote to its standard output.
    public var standardOutput: HostPath { path / "stdout.log" }
    /// `stderr.log`: what the guest's command wrote to its standard error.
    public var standardError: HostPath { path / "stderr.log" }
    /// `rr`: the engine's working folder, the only one that it may write to.
    public var recordings: HostPath { path / "rr" }
    /// `replay`: what the engine wrote when the recordings were replayed.
    public var replay: HostPath { path / "replay" }
    /// `analysis`: what plugins made of the recordings, a folder for each analysis.
    public var analyses: HostPath { path / "analysis" }

    /// The path prefix of a recording, to which PANDA appends `-rr-snp` and `-rr-nondet.log`.
    public func recording(_ name: String) -> HostPath { recordings / name }
}
