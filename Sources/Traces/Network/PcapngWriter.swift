/// Makes the blocks of a packet capture in the format pcapng, little endian.
///
/// Source of the format: `draft-ietf-opsawg-pcapng`. Frames are Ethernet's, times are in nanoseconds.
public struct PcapngWriter: Sendable {
    private enum Block {
        static let section: UInt32 = 0x0a0d_0d0a
        static let interface: UInt32 = 1
        static let packet: UInt32 = 6
    }

    private enum Option {
        static let end: UInt16 = 0
        static let comment: UInt16 = 1
        static let interfaceName: UInt16 = 2
        static let packetFlags: UInt16 = 2
        static let application: UInt16 = 4
        static let timeResolution: UInt16 = 9
    }

    private static let byteOrder: UInt32 = 0x1a2b_3c4d
    private static let ethernet: UInt16 = 1

    /// Makes a writer.
    public init() {}

    /// The blocks that a capture begins with: the section, and its one interface.
    ///
    /// - Parameters:
    ///   - application: What makes the capture.
    ///   - comment: What is to be known of the whole, such as how its times are meant.
    /// - Returns: The bytes that the file begins with.
    public func head(application: String, comment: String) -> [UInt8] {
        var section: [UInt8] = []
        section.appendLittleEndian(Self.byteOrder)
        section.appendLittleEndian(UInt16(1))
        section.appendLittleEndian(UInt16(0))
        // The section's length is not given, so that it can be written as it comes.
        section.appendLittleEndian(UInt64.max)
        append(Option.comment, Array(comment.utf8), to: &section)
        append(Option.application, Array(application.utf8), to: &section)
        append(Option.end, [], to: &section)

        var interface: [UInt8] = []
        interface.appendLittleEndian(Self.ethernet)
        interface.appendLittleEndian(UInt16(0))
        interface.appendLittleEndian(UInt32(0))
        append(Option.interfaceName, Array("guest".utf8), to: &interface)
        append(Option.timeResolution, [9], to: &interface)
        append(Option.end, [], to: &interface)
        return block(Block.section, section) + block(Block.interface, interface)
    }

    /// The block of a frame.
    ///
    /// - Parameters:
    ///   - frame: Its bytes, fewer than 2^32.
    ///   - nanoseconds: Its time, in nanoseconds since 1970.
    ///   - direction: Whether it came or went.
    ///   - comment: What is to be known of it.
    /// - Returns: The bytes to append to the file.
    public func packet(
        _ frame: [UInt8],
        at nanoseconds: UInt64,
        _ direction: PacketDirection,
        comment: String
    ) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(frame.count + comment.utf8.count + 64)
        body.appendLittleEndian(UInt32(0))
        body.appendLittleEndian(UInt32(truncatingIfNeeded: nanoseconds >> 32))
        body.appendLittleEndian(UInt32(truncatingIfNeeded: nanoseconds))
        body.appendLittleEndian(UInt32(frame.count))
        body.appendLittleEndian(UInt32(frame.count))
        body.append(contentsOf: frame)
        pad(&body)
        var flags: [UInt8] = []
        flags.appendLittleEndian(UInt32(direction == .received ? 1 : 2))
        append(Option.packetFlags, flags, to: &body)
        append(Option.comment, Array(comment.utf8), to: &body)
        append(Option.end, [], to: &body)
        return block(Block.packet, body)
    }

    private func append(_ option: UInt16, _ value: [UInt8], to bytes: inout [UInt8]) {
        let value = value.prefix(Int(UInt16.max))
        bytes.appendLittleEndian(option)
        bytes.appendLittleEndian(UInt16(value.count))
        bytes.append(contentsOf: value)
        pad(&bytes)
    }

    private func pad(_ bytes: inout [UInt8]) {
        bytes.append(contentsOf: repeatElement(0, count: align(bytes.count, to: 4) - bytes.count))
    }

    private func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
        let length = UInt32(body.count + 12)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(length))
        bytes.appendLittleEndian(type)
        bytes.appendLittleEndian(length)
        bytes.append(contentsOf: body)
        bytes.appendLittleEndian(length)
        return bytes
    }
}
