import Testing

@testable import Capture

@Suite("What goes on in a guest's network")
struct NetworkActivityTests {
    /// A frame of Ethernet, IPv4 and TCP.
    private func frame(
        from port: UInt16 = 4000,
        flags: UInt8,
        incoming: Bool = true,
        transport: UInt8 = 6,
        fragment: UInt8 = 0
    ) -> ArraySlice<UInt8> {
        let peer: [UInt8] = [0x52, 0x55, 10, 0, 2, 2]
        let guest: [UInt8] = [0x52, 0x54, 0, 0x12, 0x34, 0x56]
        var bytes = incoming ? guest + peer : peer + guest
        bytes += [0x08, 0x00, 0x45, 0, 0, 40, 0, 0, 0, fragment, 64, transport, 0, 0]
        let addresses: [[UInt8]] = [[192, 0, 2, 7], [10, 0, 2, 15]]
        bytes += (incoming ? addresses : addresses.reversed()).flatMap { $0 }
        let ports = incoming ? [port, 22] : [22, port]
        bytes += ports.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        bytes += [0, 0, 0, 0, 0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0]
        return bytes[...]
    }

    private static let (fin, syn, rst, ack): (UInt8, UInt8, UInt8, UInt8) = (1, 2, 4, 16)

    @Test("a connection is counted when it is begun, and is open until both sides have ended it")
    func connection() {
        let activity = NetworkActivity()
        activity.note(frame(flags: Self.syn))
        activity.note(frame(flags: Self.syn))
        activity.note(frame(flags: Self.syn | Self.ack, incoming: false))
        #expect(activity.connections == 1 && activity.openConnections == 1)
        activity.note(frame(from: 4001, flags: Self.syn))
        #expect(activity.connections == 2 && activity.openConnections == 2)
        activity.note(frame(flags: Self.fin | Self.ack))
        #expect(activity.openConnections == 2)
        activity.note(frame(flags: Self.fin | Self.ack, incoming: false))
        #expect(activity.openConnections == 1)
        activity.note(frame(from: 4001, flags: Self.rst, incoming: false))
        #expect(activity.openConnections == 0 && activity.connections == 2)
        activity.startCounting()
        #expect(activity.connections == 0)
    }

    @Test("connections that the guest begins, fragments and other protocols are none to it")
    func others() {
        let activity = NetworkActivity()
        activity.note(frame(flags: Self.syn, incoming: false))
        activity.note(frame(flags: Self.syn, fragment: 3))
        activity.note(frame(flags: Self.syn, transport: 17))
        activity.note(frame(flags: Self.syn).prefix(40))
        #expect(activity.connections == 0 && activity.openConnections == 0)
    }

    @Test("what is kept is bounded, and no frame crashes it")
    func hostile() {
        let activity = NetworkActivity()
        for port in UInt16.min..<9000 { activity.note(frame(from: port, flags: Self.syn)) }
        #expect(activity.openConnections == 4096)
        for _ in 0..<20_000 {
            var bytes = Array(frame(flags: UInt8.random(in: 0...255)))
            for _ in 0..<3 { bytes[Int.random(in: bytes.indices)] = UInt8.random(in: 0...255) }
            activity.note(bytes.prefix(Int.random(in: 0...bytes.count)))
        }
        #expect(activity.openConnections <= 4096)
    }
}
