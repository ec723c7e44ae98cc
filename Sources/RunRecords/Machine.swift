public import HostSupport

/// The machine of a run: what has to be the same when a recording is made and when it is replayed.
///
/// One processor, TCG, IDE and e1000: other devices and accelerators make recordings that do not replay.
public struct Machine: Sendable, Hashable, Codable {
    /// The processor's architecture.
    public let architecture: GuestArchitecture
    /// The size of the memory; PANDA takes whole mebibytes.
    public let memory: ByteSize
    /// How many serial ports there are: the console, and the bootstrap agent's.
    public let serialPorts: Int
    /// Whether it has a USB controller, so that a disk can be plugged in; one that is there when a recording is made
    /// must be there when it is replayed.
    public let usb: Bool
    /// Further arguments of the engine that add to the machine.
    public let extraArguments: [String]
    /// The engine's arguments that make its network device, connected to `net0`; none where it is the e1000.
    public let networkDevice: [String]?

    /// Describes a machine.
    public init(
        architecture: GuestArchitecture,
        memory: ByteSize,
        serialPorts: Int = 2,
        usb: Bool = false,
        extraArguments: [String] = [],
        networkDevice: [String]? = nil
    ) {
        self.architecture = architecture
        self.memory = memory
        self.serialPorts = serialPorts
        self.usb = usb
        self.extraArguments = extraArguments
        self.networkDevice = networkDevice
    }

    /// Those of the further arguments, and of those that make the network device, that do more than add a device: a
    /// trace comes from anybody, and QEMU has options that read files, open connections and run programs.
    public var untrustedArguments: [String] {
        Self.untrusted(extraArguments) + Self.untrusted(networkDevice ?? [])
    }

    private static func untrusted(_ arguments: [String]) -> [String] {
        let harmless: Set<String> = ["-usb", "-device", "-cpu", "-vga", "-soundhw", "-rtc"]
        var untrusted: [String] = []
        var takesValue = false
        for argument in arguments {
            if takesValue, !argument.hasPrefix("-") {
                takesValue = false
            } else if harmless.contains(argument) {
                takesValue = argument != "-usb"
            } else {
                untrusted.append(argument)
            }
        }
        return untrusted
    }

    /// The same machine with another size of memory.
    public func with(memory: ByteSize) -> Machine {
        Machine(
            architecture: architecture,
            memory: memory,
            serialPorts: serialPorts,
            usb: usb,
            extraArguments: extraArguments,
            networkDevice: networkDevice
        )
    }

    /// What a serial port and the network are connected to.
    public struct Wiring: Sendable {
        /// The back end of each serial port, as `-serial` takes it.
        public var serialPorts: [String]
        /// Options of the user network, such as forwarded ports.
        public var networkOptions: [String]
        /// Where the guest's display is shown, as `-display` takes it.
        public var display: String

        /// Describes the connections.
        public init(serialPorts: [String], networkOptions: [String], display: String = "none") {
            self.serialPorts = serialPorts
            self.networkOptions = networkOptions
            self.display = display
        }
    }

    /// The engine's arguments that make this machine.
    ///
    /// - Parameter wiring: What its ports are connected to.
    /// - Returns: The argument vector.
    public func arguments(_ wiring: Wiring) -> [String] {
        var arguments = [
            "-m", "\(memory.mebibytes)", "-display", wiring.display, "-monitor", "none",
        ]
        for port in wiring.serialPorts { arguments += ["-serial", port] }
        arguments += [
            "-netdev", (["user", "id=net0"] + wiring.networkOptions).joined(separator: ","),
        ]
        return arguments + (networkDevice ?? ["-device", "e1000,netdev=net0"]) + (usb ? ["-usb"] : [])
            + extraArguments
    }

    /// The engine's arguments that make this machine for a replay, with nothing connected to it.
    public var replayArguments: [String] {
        arguments(
            Wiring(
                serialPorts: Array(repeating: "null", count: serialPorts),
                networkOptions: ["restrict=on"]
            )
        )
    }
}
