public import HostSupport
public import RunRecords

/// What the user asks for: one run of an image, to obtain one or more recordings.
public struct CaptureRequest: Sendable {
    /// The guest.
    public var guest: GuestRequest
    /// The folder of the user's runs.
    public var collection: HostPath
    /// The run's name; one is made up where there is none.
    public var runID: String?
    /// What the recording is called in the guest; PANDA appends a number to it.
    public var recordingName = "session"
    /// What starts and stops the recording.
    public var trigger: RunRecord.Trigger
    /// The command to run in the guest, as an argument vector; none where the guest itself, or a visitor, records.
    public var command: [String]
    /// How many recordings to make; 0 for any number until the user ends the run.
    public var recordings = 1
    /// The fleet's slot or the campaign's item that the run is made for.
    public var origin: RunRecord.Origin?
    /// What ends the run beside the end of its last recording.
    public var stops = StopRules()
    /// What the guest prints when a recording begins and ends, where the trigger is ``RunRecords/RunRecord/Trigger/serial``.
    public var serial: SerialWords?

    /// Asks for one recording of a command or a login, with the safe defaults for all else.
    public init(
        guest: GuestRequest,
        collection: HostPath,
        trigger: RunRecord.Trigger,
        command: [String] = []
    ) {
        self.guest = guest
        self.collection = collection
        self.trigger = trigger
        self.command = command
    }
}
