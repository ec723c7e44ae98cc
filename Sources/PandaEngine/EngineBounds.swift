public import HostSupport
public import RunRecords

/// What the kernel is told to keep an engine of this host within; ``Launcher/boundary`` tells it.
public struct EngineBounds: Sendable, Hashable, Codable {
    /// What an engine may do over a network.
    public struct Network: Sendable, Hashable, Codable {
        /// The TCP ports that it may listen at; any where there is nothing.
        public var bind: [UInt16]?
        /// The TCP ports that it may connect to, wherever they are; any where there is nothing.
        public var connect: [UInt16]?
        /// Whether it may use UDP, whose ports the kernel does not confine.
        public var hasDatagrams: Bool

        /// Describes what may be done; nothing by default.
        public init(bind: [UInt16]? = [], connect: [UInt16]? = [], hasDatagrams: Bool = false) {
            self.bind = bind
            self.connect = connect
            self.hasDatagrams = hasDatagrams
        }
    }

    /// The only files and folders that it may write to, and read.
    public var writable: [HostPath]
    /// Files and folders that it may read besides, and what every program reads.
    public var readable: [HostPath]
    /// Its network.
    public var network: Network
    /// What it may use up.
    public var limits: EngineLimits
    /// Whether the kernel can confine files and ports; where it cannot, only the rest is bounded.
    public var isConfined: Bool
    /// Whether it may connect to abstract sockets of others, which an X server may listen at.
    public var sharesAbstractSockets = false

    /// Describes bounds.
    public init(
        writable: [HostPath],
        readable: [HostPath] = [],
        network: Network = Network(),
        limits: EngineLimits = EngineLimits(),
        isConfined: Bool = true
    ) {
        self.writable = writable
        self.readable = readable
        self.network = network
        self.limits = limits
        self.isConfined = isConfined
    }

    /// The arguments of ``Launcher/boundary`` for an engine.
    ///
    /// - Parameter engine: The engine, whose own files it may read.
    /// - Returns: The arguments.
    /// - Throws: ``HostSupport/Failure`` where the launcher cannot be found.
    func words(for engine: Engine) throws -> [String] {
        let limits = limits.words
        // A script runs other programs: it could not begin without what is refused to an engine.
        let isScript = engine.isScript
        let calls = isScript ? [] : ["--calls", network.hasDatagrams ? "udp" : "tcp"]
        guard isConfined else { return limits + calls }
        let own = try engine.ownFiles + (isScript ? ["/bin", "/usr/bin"] : [])
        let read = (own + readable).uniqued().filter { !writable.contains($0) }
        return writable.flatMap { ["--writable", $0.string] } + read.flatMap { ["--readable", $0.string] }
            + Self.words("--bind", network.bind) + Self.words("--connect", network.connect)
            + (sharesAbstractSockets ? ["--abstract-sockets", "shared"] : []) + limits + calls
    }

    /// What a record says of the bounds.
    ///
    /// - Parameters:
    ///   - landlock: The version of Landlock that the kernel offers; nothing where it offers none.
    ///   - engine: The engine.
    /// - Returns: What is confined as far as the kernel goes.
    public func containment(landlock: Int?, _ engine: Engine) -> RunRecord.Containment {
        // The versions in which ports and signals came (launcher/confinement.h).
        let version = isConfined ? landlock ?? 0 : 0
        let confined: [(RunRecord.Containment.Subject, Bool)] = [
            (.writes, version >= 1), (.reads, version >= 1),
            (.network, version >= 4 && (network.bind != nil || network.connect != nil)),
            (.signals, version >= 6), (.calls, !engine.isScript),
        ]
        var containment = RunRecord.Containment(
            kind: version >= 1 ? .landlock : .none,
            landlock: version >= 1 ? version : nil,
            confined: confined.filter(\.1).map(\.0)
        )
        containment.memory = limits.memory
        containment.fileSize = limits.fileSize
        return containment
    }

    private static func words(_ option: String, _ ports: [UInt16]?) -> [String] {
        guard let ports else { return [] }
        return ports.isEmpty ? [option, "none"] : ports.sorted().flatMap { [option, "\($0)"] }
    }
}

/// What an engine of this host may use up.
public struct EngineLimits: Sendable, Hashable, Codable {
    /// Memory that it may write to, the guest's included; unlimited where there is none.
    public var memory: ByteSize?
    /// The size of a file that it writes, as of containers' engines; a log that grows beyond it ends the engine.
    public var fileSize = ByteSize.mebibytes(64 << 10)
    /// How many files it may have open.
    public static let files = 4096

    /// Limits files only.
    public init() {}

    /// Twice a machine's memory and a gibibyte, as of containers' engines: an engine keeps what it translated beside
    /// the machine's memory.
    public static func memory(for machine: ByteSize) -> ByteSize {
        ByteSize(bytes: machine.bytes * 2 + (1 << 30))
    }

    var words: [String] {
        let limits = memory.map { ["memory=\($0.bytes)"] } ?? []
        return (limits + ["file-size=\(fileSize.bytes)", "files=\(Self.files)"]).flatMap { ["--limit", $0] }
    }
}
