public import HostSupport
public import RunRecords

/// All that a run will start, open and write, as a plain value: what `--dry-run` shows and ``Capture`` acts on.
public struct CapturePlan: Sendable, Codable {
    /// The record of the run, in its first state; it has the engine's command line.
    public let record: RunRecord
    /// How the guest is started.
    public let guest: GuestPlan
    /// The home of the guest image.
    public let home: HostPath
    /// The recording's name, handed to the guest; none where the guest itself calls `recctrlu`.
    public let sessionName: String?
    /// The command to run in the guest; none where the guest itself, or a visitor, records.
    public let command: [String]
    /// How many recordings to make; 0 for any number until the user ends the run.
    public let recordings: Int
    /// What the recordings are called that the host begins; PANDA's files have it with a number.
    public let recordingName: String
    /// What the guest prints when the host is to begin and to end a recording.
    public let serial: SerialWords?
    /// What ends the run beside the end of its last recording.
    public let stops: StopRules
    /// Room that is left free on the file system of the run.
    public let reserve: ByteSize

    /// The run's folder.
    public var folder: HostPath { guest.folder }
    /// Whether more is to be recorded when so many recordings have ended.
    func wantsMore(than ended: Int) -> Bool { recordings == 0 || ended < recordings }

    /// The run's folder, with the names of its files.
    var files: RunFolder { guest.files }

    /// How to log in to the guest while the run lasts.
    public var loginCommand: [String] { ["ssh"] + guest.ssh.arguments(command: []) }
}
