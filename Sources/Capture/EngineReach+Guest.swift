import Containers
import GuestImages
import HostSupport
import PandaEngine
import RunRecords

extension EngineReach {
    /// Bounds an engine of this host as its guest's request says.
    ///
    /// - Parameters:
    ///   - request: What the user asks for of the guest.
    ///   - machine: The machine.
    ///   - writtenDisk: The user's own disk that the guest writes to.
    mutating func bound(_ request: GuestRequest, _ machine: Machine, writtenDisk: HostPath?) {
        readable += request.readable
        // What else lies in the user's folder is none of the engine's.
        if let disk = request.disk?.disk { partlyReadable[disk.path.parent] = disk.layers }
        if request.engineArguments.contains(where: { $0.contains("kvm") }) {
            writable += [HardwareVirtualisation.device].filter(FileSystem.exists)
        }
        named =
            request.plugins + request.engineArguments + request.engineOptions + (request.networkDevice ?? [])
        recordingLimit = request.recordingLimit
        limits = request.limits
        limits.memory = limits.memory ?? EngineLimits.memory(for: machine.memory)
        // A disk that is larger already must stay writable, and may grow.
        if let size = writtenDisk.flatMap({ FileKind($0)?.size }) {
            limits.fileSize = ByteSize(bytes: limits.fileSize.bytes + size)
        }
        network = Self.network(request, forwards)
        if display?.hasPrefix(":") == false { network.connect = nil }
    }

    /// What an engine may do over a network for its guest.
    static func network(_ request: GuestRequest, _ forwards: [PortForward]) -> EngineBounds.Network {
        let own = request.engineArguments + request.engineOptions
        guard !own.contains(where: opensNetwork) else {
            return EngineBounds.Network(bind: nil, connect: nil, hasDatagrams: true)
        }
        var network = EngineBounds.Network(
            bind: forwards.filter { $0.transport == .tcp }.map(\.hostPort),
            hasDatagrams: forwards.contains { $0.transport == .udp }
        )
        switch request.egress {
        case .denied: break
        case .open:
            network.connect = nil
            network.hasDatagrams = true
        case .allowed:
            let rules = (try? request.egress.rules()) ?? []
            network.connect = ports(of: rules)
            if rules.contains(where: { $0.transport != .tcp }) { network.hasDatagrams = true }
        }
        return network
    }

    /// The ports of rules, where they are few enough for the kernel to be told each.
    private static func ports(of rules: [EgressRule]) -> [UInt16]? {
        let most = 256
        var ports: Set<UInt16> = []
        for rule in rules where rule.transport != .udp {
            guard let range = rule.ports, range.count + ports.count <= most else { return nil }
            ports.formUnion(range)
        }
        return ports.sorted()
    }

    /// Whether an argument of the user's makes the engine listen or connect, for a debugger or a screen.
    private static func opensNetwork(_ word: String) -> Bool {
        ["-vnc", "-gdb", "-s", "-spice", "-netdev", "-net"].contains(word)
            || ["tcp:", "udp:", "telnet:", "vnc="].contains { word.contains($0) }
    }
}

extension GuestRequest {
    /// How many recordings a guest may begin that begins any number, and that runs a command which does.
    private static let (mostForever, mostInCommand) = (1000, 64)

    /// The request with a bound for what the guest may begin.
    ///
    /// - Parameter request: The run that is asked for.
    /// - Returns: The request.
    func bounded(by request: CaptureRequest) -> GuestRequest {
        var bounded = self
        let wanted = request.recordings == 0 ? Self.mostForever : request.recordings
        let isCommands = request.trigger == .guest && !request.command.isEmpty
        let suits = request.trigger.isHosts ? 0 : isCommands ? max(wanted, Self.mostInCommand) : wanted
        bounded.recordingLimit = recordingLimit ?? suits
        return bounded
    }
}
