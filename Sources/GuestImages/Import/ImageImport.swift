public import HostSupport
public import RunRecords

/// What the user says of a disk that is to become a guest image.
public struct ImageImport: Sendable {
    /// The disk's file, raw or qcow2.
    public var disk: HostPath
    /// What to call the image.
    public var name: String
    /// The guest's architecture.
    public var architecture = GuestArchitecture.x8664
    /// The kernel, where the disk's own boot loader is not to start the guest.
    public var kernel: HostPath?
    /// The kernel's initial file system.
    public var initrd: HostPath?
    /// The kernel's command line.
    public var append: String?
    /// The memory that a guest gets unless a run says otherwise.
    public var memory = ByteSize.mebibytes(512)
    /// Who logs in.
    public var sshUser = "root"
    /// How the guest takes what it is handed.
    public var agent = GuestImage.Agent.none
    /// How long the guest may take until it is ready, in seconds.
    public var readyTimeout = 300
    /// Whether the disks beneath the disk are taken, too.
    public var flattens = false
    /// Whether an image of that name is replaced.
    public var replaces = false

    /// Names a disk.
    public init(disk: HostPath, name: String) {
        self.disk = disk
        self.name = name
    }

    /// Sees that the values can be, as a recipe's are seen to.
    ///
    /// - Throws: ``HostSupport/Failure`` with `usage`.
    func validate() throws {
        try ImageName.check(name)
        func check(_ holds: Bool, _ text: String) throws {
            if !holds { throw Failure(.usage, text) }
        }
        try check(
            kernel != nil || initrd == nil,
            "--initrd needs --kernel: a disk's own boot loader takes none"
        )
        try check(
            kernel != nil || append == nil,
            "--append needs --kernel: a disk's own boot loader takes none"
        )
        try check(
            (append ?? "").unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 32 && $0.value != 127 },
            "--append must be one line of ASCII"
        )
        try check(GuestName.isWord(sshUser), "'\(sshUser)' is no user's name")
        try check((1...3600).contains(readyTimeout), "--ready-timeout must be 1 to 3600 seconds")
        try check(
            memory >= .mebibytes(16) && memory.bytes % (1 << 20) == 0,
            "--memory must be whole mebibytes, and 16M or more"
        )
        try check(
            architecture.hasRecctrl,
            "a guest of the architecture \(architecture.rawValue) cannot be recorded"
        )
    }
}
