import Testing

@testable import Traces

@Suite("Headers of packets")
struct PacketHeadersTests {
    @Test("TCP above IPv4")
    func tcp() throws {
        let headers = try #require(
            PacketHeaders(Frames.ip4(6, from: [10, 0, 2, 15], to: [192, 168, 1, 9], ports: [40000, 443]))
        )
        #expect(headers.transport == .tcp)
        #expect(headers.source == .init(address: "10.0.2.15", port: 40000))
        #expect(headers.destination == .init(address: "192.168.1.9", port: 443))
    }

    @Test("later fragments have no ports")
    func fragment() throws {
        let headers = try #require(
            PacketHeaders(
                Frames.ip4(17, from: [1, 1, 1, 1], to: [2, 2, 2, 2], ports: [1, 2], fragment: 0x2003)
            )
        )
        #expect(headers.transport == .udp && headers.source.port == nil)
    }

    @Test(
        "IPv6 addresses as RFC 5952 writes them",
        arguments: [
            (
                [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x50, 0x54, 0, 0xff, 0xfe, 0x12, 0x34, 0x56],
                "fe80::5054:ff:fe12:3456"
            ),
            ([UInt8](repeating: 0, count: 15) + [1], "::1"),
            ([UInt8](repeating: 0, count: 16), "::"),
            ([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], "2001:db8:0:1:1:1:1:1"),
            ([0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], "2001:0:0:1::1"),
            ([0x20, 1] + [UInt8](repeating: 0, count: 14), "2001::"),
        ] as [([UInt8], String)]
    )
    func addresses(bytes: [UInt8], text: String) throws {
        let headers = try #require(PacketHeaders(Frames.ip6(17, from: bytes, to: bytes)))
        #expect(headers.source == .init(address: text, port: 8080))
        #expect(headers.destination.port == 53)
    }

    @Test("address resolution, a virtual network's tag, and what is neither")
    func others() throws {
        let resolution = try #require(PacketHeaders(Frames.resolution))
        #expect(resolution.transport == .arp && resolution.destination.address == "10.0.2.2")
        var tagged = Frames.ip4(1, from: [1, 2, 3, 4], to: [5, 6, 7, 8])
        tagged.insert(contentsOf: [0x81, 0x00, 0, 7], at: 12)
        #expect(PacketHeaders(tagged)?.transport == .icmp)
        let announcement =
            [UInt8](repeating: 0xff, count: 12) + [0x80, 0x35] + [UInt8](repeating: 0, count: 46)
        let headers = try #require(PacketHeaders(announcement))
        #expect(headers.transport == .ethernet(0x8035) && headers.source.address == "ff:ff:ff:ff:ff:ff")
        #expect(PacketHeaders([UInt8](repeating: 0, count: 13)) == nil)
    }

    @Test("cut and changed frames trap nowhere")
    func damage() {
        let frames = [
            Frames.ip4(6, from: [1, 1, 1, 1], to: [2, 2, 2, 2], ports: [1, 2]),
            Frames.ip6(6, from: [UInt8](repeating: 1, count: 16), to: [UInt8](repeating: 2, count: 16)),
            Frames.resolution,
        ]
        var random = SplitMix64(seed: 0xf4a3e)
        for round in 0..<5000 {
            var frame = frames[round % frames.count]
            frame.removeSubrange(Int.random(in: 0...frame.count, using: &random)...)
            if !frame.isEmpty {
                frame[Int.random(in: 0..<frame.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            _ = PacketHeaders(frame)
        }
    }

    @Test("both directions of a conversation are one flow, and flows are bounded")
    func flows() throws {
        func frame(_ direction: PacketDirection, _ bytes: [UInt8], at count: UInt64) -> NetworkFrame {
            NetworkFrame(
                entry: 0,
                instructionCount: count,
                direction: direction,
                pieces: [0..<bytes.count],
                bracket: TimeBracket(before: nil, after: nil)
            )
        }
        var table = NetworkFlowTable()
        let out = Frames.ip4(6, from: [10, 0, 2, 15], to: [10, 0, 2, 2], ports: [22, 5555])
        let back = Frames.ip4(6, from: [10, 0, 2, 2], to: [10, 0, 2, 15], ports: [5555, 22])
        table.add(frame(.received, back, at: 1), back)
        table.add(frame(.sent, out, at: 5), out)
        table.add(frame(.sent, out, at: 9), out)
        table.add(frame(.sent, [1, 2], at: 9), [1, 2])
        let flow = try #require(table.flows.first)
        #expect(table.flows.count == 1 && flow.client.port == 5555 && !flow.isFromGuest)
        #expect(flow.sent.frames == 1 && flow.received.frames == 2 && flow.instructions == 1...9)
        #expect(flow.received.bytes == 2 * out.count)
        #expect(table.others.frames == 1 && table.others.bytes == 2)
        for port in 0..<12_000 {
            let scan = Frames.ip4(6, from: [10, 0, 2, 15], to: [9, 9, 9, 9], ports: [1, UInt16(port)])
            table.add(frame(.sent, scan, at: 10), scan)
        }
        #expect(table.flows.count == NetworkFlowTable.limit)
        #expect(table.others.frames == 1 + 12_000 - (NetworkFlowTable.limit - 1))
    }
}
