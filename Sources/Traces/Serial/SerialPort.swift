/// A serial port of a guest, by the number of its first input/output port.
public struct SerialPort: RawRepresentable, Hashable, Sendable {
    /// The port's number, or the physical address of its registers.
    public var rawValue: UInt32

    /// Makes a port of its number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// A PC's first, which Linux calls `ttyS0`.
    public static let com1 = Self(rawValue: 0x3f8)
    /// A PC's second, `ttyS1`.
    public static let com2 = Self(rawValue: 0x2f8)
    /// A PC's third, `ttyS2`.
    public static let com3 = Self(rawValue: 0x3e8)
    /// A PC's fourth, `ttyS3`.
    public static let com4 = Self(rawValue: 0x2e8)

    /// Its name: `com1` to `com4`, or the number in hexadecimal.
    public var name: String {
        switch self {
        case .com1: "com1"
        case .com2: "com2"
        case .com3: "com3"
        case .com4: "com4"
        default: "0x" + String(rawValue, radix: 16)
        }
    }
}

/// A byte that the guest wrote to a serial port, or read from it.
public struct SerialByte: Hashable, Sendable {
    /// When, in guest instructions.
    public var instructionCount: UInt64
    /// The port.
    public var port: SerialPort
    /// Whether the guest wrote it; else it read it.
    public var isOutput: Bool
    /// The byte.
    public var value: UInt8

    /// The byte that an entry is, if it is one.
    ///
    /// The entries for what leaves and enters the port's queue do not say which port it is; those for what the guest writes
    /// and reads do. Sources: `serial_ioport_write` and `serial_ioport_read` in PANDA's `hw/char/serial.c`.
    public init?(_ entry: NondetEntry) {
        switch entry.payload {
        case .skippedCall(.serialWrite(_, let port, let value)):
            self.init(entry.instructionCount, SerialPort(rawValue: port), isOutput: true, value)
        case .skippedCall(.serialRead(_, let port, let value)):
            self.init(entry.instructionCount, SerialPort(rawValue: port), isOutput: false, value)
        default:
            return nil
        }
    }

    private init(_ instructionCount: UInt64, _ port: SerialPort, isOutput: Bool, _ value: UInt8) {
        self.instructionCount = instructionCount
        self.port = port
        self.isOutput = isOutput
        self.value = value
    }
}
