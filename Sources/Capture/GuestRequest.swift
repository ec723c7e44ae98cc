public import HostSupport
public import PandaEngine
public import RunRecords

/// What the user asks for of a guest, whatever it is started for.
public struct GuestRequest: Sendable {
    /// The name of the guest image.
    public var image: String
    /// The memory of the machine; the image's own size where there is none.
    public var memory: ByteSize?
    /// How long the guest may take until it is ready; the image's own limit where there is none.
    public var readyLimit: Duration?
    /// Forwarded ports.
    public var forwards: [PortForward] = []
    /// Further plugins, as `NAME` or `NAME:ARGUMENT=VALUE,...`.
    public var plugins: [String] = []
    /// Further arguments of the engine that add to the machine.
    public var engineArguments: [String] = []
    /// Where the guest may connect to.
    public var egress = EgressPolicy.denied
    /// What the guest is to call itself; its image's name for it where there is none.
    public var hostName: String?
    /// Whether to boot the guest even where a warm state is there.
    public var isCold = false
    /// Room that is left free on the file system of the run; a recording is ended before it is used up.
    public var reserve = ByteSize.mebibytes(256)
    /// What customises it before anybody can reach it.
    public var bundle: BundleRequest?
    /// Whether to run an engine that the kernel cannot keep from writing elsewhere.
    public var allowsUnconfined = false
    /// A disk file that is started instead of an image; ``image`` is only a name for it then.
    public var disk: DiskUse?
    /// The engine's arguments that make the network device, connected to `net0`; the e1000 where there are none.
    public var networkDevice: [String]?
    /// The X display on which the guest's is shown, such as `:78`; nowhere where there is none.
    public var display: String?
    /// The guest's operating system as PANDA's `-os` takes it, for a guest whose kernel is not known otherwise.
    public var operatingSystem: String?
    /// Further arguments of the engine that play no part in the machine, such as `-pandalog`.
    public var engineOptions: [String] = []

    /// What an engine of this host may use up; twice the machine's memory and a gibibyte where nothing is said of memory.
    public var limits = EngineLimits()
    /// Further files and folders that an engine of this host may read.
    public var readable: [HostPath] = []
    /// The words that the run is sorted by.
    public var tags: [String] = []
    /// What the run is called.
    public var label: String?
    /// How many recordings the guest may begin; a number that suits the request where there is none.
    public var recordingLimit: Int?

    /// Asks for a guest of an image, with the safe defaults for all else.
    public init(image: String) {
        self.image = image
    }
}
