/// A packet capture of a guest's network, as `net.pcap` is written.
public struct CapturedPackets: Sendable {
    /// The bytes of the file.
    public private(set) var bytes: [UInt8]

    /// Starts a file.
    ///
    /// - Parameter isBigEndian: Whether it has microseconds, in the other byte order.
    public init(isBigEndian: Bool = false) {
        self.isBigEndian = isBigEndian
        bytes = []
        put(isBigEndian ? 0xA1B2_C3D4 : 0xA1B2_3C4D as UInt32)
        put(2 as UInt16)
        put(4 as UInt16)
        put(0 as UInt64)
        put(0x1_1000 as UInt32)
        put(1 as UInt32)
    }

    private let isBigEndian: Bool

    private mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: isBigEndian ? number.bigEndian : number.littleEndian) { bytes += $0 }
    }

    /// Adds a frame.
    ///
    /// - Parameters:
    ///   - frame: The Ethernet frame.
    ///   - time: When it came, in seconds since 1970.
    public mutating func add(_ frame: [UInt8], at time: Double) {
        put(UInt32(time))
        put(UInt32((time - time.rounded(.down)) * (isBigEndian ? 1e6 : 1e9)))
        put(UInt32(frame.count))
        put(UInt32(frame.count))
        bytes += frame
    }

    /// A TCP segment over IPv4.
    ///
    /// - Parameters:
    ///   - payload: What it carries.
    ///   - isFromPeer: Whether the peer sent it, and not the guest.
    ///   - address: The peer's address.
    ///   - port: The peer's port.
    ///   - guestPort: The guest's port.
    ///   - flags: TCP's flags: FIN 1, SYN 2, RST 4, ACK 16.
    ///   - sequence: The number of its first byte.
    /// - Returns: The frame, filled up as Ethernet wants it.
    public static func segment(
        _ payload: String = "",
        isFromPeer: Bool = true,
        address: [UInt8] = [203, 0, 113, 7],
        port: UInt16 = 40_000,
        guestPort: UInt16 = 22,
        flags: UInt8 = 16,
        sequence: UInt32 = 1
    ) -> [UInt8] {
        func word(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }
        let guest: [UInt8] = [10, 0, 2, 15]
        let (slirp, card): ([UInt8], [UInt8]) = (
            [0x52, 0x55, 10, 0, 2, 2], [0x52, 0x54, 0, 0x12, 0x34, 0x56]
        )
        let body = Array(payload.utf8)
        var frame = isFromPeer ? card + slirp : slirp + card
        frame += [0x08, 0x00, 0x45, 0] + word(UInt16(40 + body.count)) + [0, 0, 0, 0, 64, 6, 0, 0]
        frame += isFromPeer ? address + guest : guest + address
        frame += isFromPeer ? word(port) + word(guestPort) : word(guestPort) + word(port)
        frame += word(UInt16(sequence >> 16)) + word(UInt16(sequence & 0xFFFF)) + [0, 0, 0, 0]
        frame += [0x50, flags, 0x20, 0, 0, 0, 0, 0] + body
        return frame + Array(repeating: 0, count: max(0, 60 - frame.count))
    }
}
