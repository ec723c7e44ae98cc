public import HostSupport
public import RunRecords

/// What the user asks for: one run of an image, to obtain one or more recordings.
public struct CaptureRequest: Sendable {
    /// The name of the guest image.
    public var image: String
    /// The folder of the user's runs.
    public var collection: HostPath
    /// The run's name; one is made up where there is none.
    public var runID: String?
    /// What the recording is called in the guest; PANDA appends a number to it.
    public var recordingName: String
    /// What starts and stops the recording.
    public var trigger: RunRecord.Trigger
    /// The command to run in the guest, as an argument vector.
    public var command: [String]
    /// How many recordings to make.
    public var recordings: Int
    /// The memory of the machine; the image's own size where there is none.
    public var memory: ByteSize?
    /// How long a recording may last.
    public var timeLimit: Duration?
    /// How long the guest may take until it is ready; the image's own limit where there is none.
    public var readyLimit: Duration?
    /// Forwarded ports.
    public var forwards: [PortForward]
    /// Further plugins, as `NAME` or `NAME:ARGUMENT=VALUE,...`.
    public var plugins: [String]
    /// Further arguments of the engine that add to the machine.
    public var engineArguments: [String]
    /// Whether the guest may reach the network beyond the host.
    public var egress: Bool
    /// Room that is left free on the file system of the run; a recording is ended before it is used up.
    public var reserve: ByteSize
    /// Whether to run an engine that the kernel cannot keep from writing elsewhere.
    public var allowsUnconfined: Bool

    /// Asks for one recording of a command or a login, with the safe defaults for all else.
    public init(
        image: String,
        collection: HostPath,
        trigger: RunRecord.Trigger,
        command: [String] = []
    ) {
        self.image = image
        self.collection = collection
        self.trigger = trigger
        self.command = command
        recordingName = "session"
        recordings = 1
        forwards = []
        plugins = []
        engineArguments = []
        egress = false
        reserve = .mebibytes(256)
        allowsUnconfined = false
    }
}
