import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Datasets

/// Frames with right checksums, made and checked without the code under test.
private enum Frames {
    static let peer: [UInt8] = [203, 0, 113, 7]
    static let guest: [UInt8] = [10, 0, 2, 15]
    static let peer6 = IPAddress("2001:db8::17:5")?.bytes ?? []
    static let guest6 = IPAddress("fec0::15")?.bytes ?? []
    static let ethernet: [UInt8] = [0x52, 0x54, 0, 0x12, 0x34, 0x56, 0x52, 0x55, 10, 0, 2, 2]

    static func word(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 255), UInt8(number & 255)] }

    static func sum(_ bytes: [UInt8]) -> Int {
        var total = 0
        for (place, byte) in bytes.enumerated() { total += Int(byte) << (place % 2 == 0 ? 8 : 0) }
        while total > 0xFFFF { total = total & 0xFFFF + total >> 16 }
        return total
    }

    private static func put(_ sum: Int, _ bytes: inout [UInt8], _ place: Int) {
        bytes.replaceSubrange(place..<place + 2, with: word(~sum & 0xFFFF))
    }

    static func version4(
        _ next: Int,
        _ body: [UInt8],
        from: [UInt8] = peer,
        to: [UInt8] = guest,
        options: [UInt8] = []
    )
        -> [UInt8]
    {
        var header =
            [UInt8(0x45 + options.count / 4), 0] + word(20 + options.count + body.count) + [0, 1, 0, 0, 64]
        header += [UInt8(next), 0, 0] + from + to + options
        put(sum(header), &header, 10)
        return header + body
    }

    static func version6(_ next: Int, _ body: [UInt8], from: [UInt8] = peer6, to: [UInt8] = guest6) -> [UInt8]
    {
        [0x60, 0, 0, 0] + word(body.count) + [UInt8(next), 64] + from + to + body
    }

    static func pseudo(_ next: Int, _ count: Int, _ from: [UInt8], _ to: [UInt8]) -> [UInt8] {
        from + to
            + (from.count == 4
                ? [0, UInt8(next)] + word(count) : [0, 0] + word(count) + [0, 0, 0, UInt8(next)])
    }

    static func transport(_ next: Int, _ payload: [UInt8], from: [UInt8] = peer, to: [UInt8] = guest)
        -> [UInt8]
    {
        var bytes = word(40_000) + word(22)
        let place: Int
        if next == 6 {
            bytes += [0, 0, 0, 1, 0, 0, 0, 0, 0x50, 16, 1, 0, 0, 0, 0, 0] + payload
            place = 16
        } else {
            bytes += word(8 + payload.count) + [0, 0] + payload
            place = 6
        }
        put(sum(pseudo(next, bytes.count, from, to) + bytes), &bytes, place)
        return bytes
    }

    static func control(_ type: UInt8, _ rest: [UInt8], pseudo: [UInt8]? = nil) -> [UInt8] {
        var bytes = [type, 0, 0, 0] + rest
        put(sum((pseudo ?? []) + bytes), &bytes, 2)
        return bytes
    }

    /// Whether all sums of a packet are right.
    static func isRight(_ packet: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(packet)
        if bytes[0] >> 4 == 4 {
            let header = Int(bytes[0] & 15) * 4
            return sum(Array(bytes[..<header])) == 0xFFFF
                && isRight(
                    Int(bytes[9]),
                    Array(bytes[header...]),
                    Array(bytes[12..<16]),
                    Array(bytes[16..<20])
                )
        }
        return isRight(Int(bytes[6]), Array(bytes[40...]), Array(bytes[8..<24]), Array(bytes[24..<40]))
    }

    private static func isRight(_ next: Int, _ body: [UInt8], _ from: [UInt8], _ to: [UInt8]) -> Bool {
        switch next {
        case 6: sum(pseudo(6, body.count, from, to) + body) == 0xFFFF
        case 17: body[6] == 0 && body[7] == 0 || sum(pseudo(17, body.count, from, to) + body) == 0xFFFF
        case 1: sum(body) == 0xFFFF && (body[0] != 3 || isRight(body[8...]))
        case 58:
            sum(pseudo(58, body.count, from, to) + body) == 0xFFFF && (body[0] != 1 || isRight(body[8...]))
        case 4, 41: isRight(body[...])
        default: true
        }
    }
}

@Suite("The addresses in frames are replaced, and their checksums stay right")
struct FrameRewriterTests {
    private let map: AddressMap

    init() throws {
        map = try AddressMap(key: Array(1...32))
    }

    private func new(_ address: [UInt8]) throws -> [UInt8] {
        map.replacement(for: try #require(IPAddress(bytes: address))).bytes
    }

    private static let packets: [(String, [UInt8])] = {
        let (peer, guest, peer6, guest6) = (Frames.peer, Frames.guest, Frames.peer6, Frames.guest6)
        let tcp = Frames.version4(6, Frames.transport(6, Array("hello".utf8)))
        let back = Frames.version4(
            17,
            Frames.transport(17, [1, 2, 3], from: guest, to: peer),
            from: guest,
            to: peer
        )
        let tcp6 = Frames.version6(6, Frames.transport(6, Array("hello".utf8), from: peer6, to: guest6))
        let udp6 = Frames.version6(
            17,
            Frames.transport(17, [9], from: guest6, to: peer6),
            from: guest6,
            to: peer6
        )
        var unsummed = Frames.transport(17, [1, 2])
        unsummed[6] = 0
        unsummed[7] = 0
        let error6 = Frames.control(
            1,
            [0, 0, 0, 0] + udp6,
            pseudo: Frames.pseudo(58, 8 + udp6.count, peer6, guest6)
        )
        let neighbour = Frames.control(
            135,
            [0, 0, 0, 0] + peer6,
            pseudo: Frames.pseudo(58, 24, peer6, guest6)
        )
        return [
            ("TCP", tcp), ("UDP", back), ("UDP without a checksum", Frames.version4(17, unsummed)),
            ("ICMP echo", Frames.version4(1, Frames.control(8, [0, 1, 0, 2, 5, 5, 5]))),
            ("ICMP error about UDP", Frames.version4(1, Frames.control(3, [0, 0, 0, 0] + back))),
            (
                "ICMP error about TCP",
                Frames.version4(
                    1,
                    Frames.control(
                        3,
                        [0, 0, 0, 0]
                            + Frames.version4(
                                6,
                                Frames.transport(6, [7], from: guest, to: peer),
                                from: guest,
                                to: peer
                            )
                    )
                )
            ),
            (
                "a recorded route",
                Frames.version4(
                    6,
                    Frames.transport(6, []),
                    options: [7, 11, 4] + peer + [198, 51, 100, 1, 0]
                )
            ),
            ("a tunnel", Frames.version4(4, tcp)), ("a tunnel of version 6", Frames.version4(41, tcp6)),
            ("TCP over IPv6", tcp6), ("UDP over IPv6", udp6), ("ICMPv6 error", Frames.version6(58, error6)),
            ("neighbour solicitation", Frames.version6(58, neighbour)),
        ]
    }()

    @Test("everything that names the peer names somebody else", arguments: packets)
    func known(name: String, packet: [UInt8]) throws {
        #expect(Frames.isRight(packet[...]), "the test's own frame is right")
        let isFour = packet[0] >> 4 == 4
        for tag in [[], [0x81, 0x00, 0x00, 0x07]] as [[UInt8]] {
            let frame = Frames.ethernet + tag + (isFour ? [0x08, 0x00] : [0x86, 0xDD]) + packet
            let (rewritten, outcome) = FrameRewriter.rewrite(frame, map)
            #expect(outcome == .read && rewritten.count == frame.count)
            let result = rewritten[(14 + tag.count)...]
            #expect(Frames.isRight(result), "\(name): \(result)")
            for address in [Frames.peer, [198, 51, 100, 1], Frames.peer6] {
                let data = Data(rewritten)
                #expect(data.firstRange(of: address) == nil, "\(name) still has \(address)")
                let count = Data(frame).ranges(of: Data(address)).count
                #expect(data.ranges(of: Data(try new(address))).count == count, "\(name)")
            }
            #expect(rewritten != frame)
        }
    }

    @Test("the gateway and the guest stay who they are")
    func slirp() throws {
        let packet = Frames.version4(6, Frames.transport(6, [1], from: [10, 0, 2, 2]), from: [10, 0, 2, 2])
        let frame = Frames.ethernet + [0x08, 0x00] + packet
        #expect(FrameRewriter.rewrite(frame, map).frame == frame)
    }

    @Test("ARP names others, too")
    func resolution() throws {
        let frame =
            Frames.ethernet + [8, 6, 0, 1, 8, 0, 6, 4, 0, 1] + [1, 2, 3, 4, 5, 6] + Frames.peer + [
                0, 0, 0, 0, 0, 0,
            ]
            + [203, 0, 113, 9]
        let rewritten = FrameRewriter.rewrite(frame, map).frame
        #expect(Array(rewritten[28..<32]) == (try new(Frames.peer)))
        #expect(Array(rewritten[38..<42]) == (try new([203, 0, 113, 9])))
    }

    @Test("a wrong checksum stays wrong, and a cut frame keeps its length")
    func wrong() throws {
        var packet = Frames.version4(6, Frames.transport(6, [1]))
        packet[36] ^= 0x55
        let frame = Frames.ethernet + [8, 0] + packet
        #expect(!Frames.isRight(FrameRewriter.rewrite(frame, map).frame[14...]))
        for count in 0..<frame.count {
            let cut = FrameRewriter.rewrite(Array(frame.prefix(count)), map)
            #expect(cut.frame.count == count)
            #expect(cut.outcome == (count < 34 ? .unknown : .read))
        }
    }

    @Test(
        "what is not known is said to be",
        arguments: [[0x88, 0xCC], [0x08, 0x00, 0x55], [0x86, 0xDD, 0x11]] as [[UInt8]]
    )
    func unknown(bytes: [UInt8]) {
        let frame = Frames.ethernet + bytes + [UInt8](repeating: 7, count: 60)
        #expect(FrameRewriter.rewrite(frame, map).outcome == .unknown)
        #expect(FrameRewriter.rewrite(frame, map).frame == frame)
    }

    @Test("no frame, however broken, is more than rewritten")
    func mutations() {
        var random = SeededGenerator(seed: 5)
        for (_, packet) in Self.packets {
            for _ in 0..<300 {
                var frame = Frames.ethernet + (packet[0] >> 4 == 4 ? [8, 0] : [0x86, 0xDD]) + packet
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    frame[Int.random(in: 12..<frame.count, using: &random)] = .random(
                        in: 0...255,
                        using: &random
                    )
                }
                frame.removeLast(Int.random(in: 0...20, using: &random))
                let once = FrameRewriter.rewrite(frame, map)
                #expect(once.frame.count == frame.count)
                #expect(once.frame.prefix(12) == frame.prefix(12), "hardware addresses stay")
            }
        }
    }
}

@Suite("Packet captures are copied with other addresses")
struct PacketAnonymiserTests {
    private func copy(_ bytes: [UInt8]) async throws -> (result: PacketAnonymiser.Result, bytes: [UInt8]) {
        try await withScratch { folder in
            try FileSystem.write(Data(bytes), to: folder / "in.pcap")
            let map = try AddressMap(key: Array(1...32))
            let anonymiser = PacketAnonymiser(map)
            do {
                let result = try anonymiser.copy(folder / "in.pcap", to: folder / "out.pcap")
                #expect(FileSystem.list(folder) == ["in.pcap", "out.pcap"])
                return (result, Array(try FileSystem.read(folder / "out.pcap")))
            } catch {
                #expect(FileSystem.list(folder) == ["in.pcap"], "nothing half is left")
                throw error
            }
        }
    }

    private func capture(isBigEndian: Bool = false) -> CapturedPackets {
        var packets = CapturedPackets(isBigEndian: isBigEndian)
        packets.add(CapturedPackets.segment("SSH-2.0-Go\r\n"), at: 1000.5)
        packets.add(CapturedPackets.segment("answer", isFromPeer: false), at: 1000.75)
        return packets
    }

    @Test("in both byte orders; times and payloads stay", arguments: [false, true])
    func copies(isBigEndian: Bool) async throws {
        let original = capture(isBigEndian: isBigEndian).bytes
        let (result, bytes) = try await copy(original)
        #expect(result == PacketAnonymiser.Result(frames: 2))
        #expect(bytes.count == original.count && Array(bytes.prefix(40)) == Array(original.prefix(40)))
        #expect(Data(bytes).firstRange(of: [203, 0, 113, 7]) == nil)
        #expect(Data(bytes).firstRange(of: Array("SSH-2.0-Go".utf8)) != nil)
    }

    @Test("tcpdump reads the copy, finds its checksums right, and nobody it knows")
    func tcpdump() async throws {
        try await withScratch { folder in
            var packets = CapturedPackets()
            for payload in ["", "a", "some more bytes"] {
                let packet = Frames.version4(6, Frames.transport(6, Array(payload.utf8)))
                packets.add(Frames.ethernet + [8, 0] + packet, at: 1)
            }
            let udp = Frames.version4(
                17,
                Frames.transport(17, [5, 5], from: Frames.guest, to: Frames.peer),
                from: Frames.guest,
                to: Frames.peer
            )
            packets.add(Frames.ethernet + [8, 0] + udp, at: 2)
            packets.add(
                Frames.ethernet + [8, 0] + Frames.version4(1, Frames.control(3, [0, 0, 0, 0] + udp)),
                at: 3
            )
            try FileSystem.write(Data(packets.bytes), to: folder / "in.pcap")
            let map = try AddressMap(key: Array(1...32))
            _ = try PacketAnonymiser(map).copy(folder / "in.pcap", to: folder / "out.pcap")
            let text = try await Tool("tcpdump", package: "tcpdump").run([
                "-nn", "-vv", "-r", (folder / "out.pcap").string,
            ])
            let new = map.replacement(for: try #require(IPAddress("203.0.113.7"))).description
            #expect(text.matches(of: /cksum 0x[0-9a-f]+ \(correct\)/).count == 3, "\(text)")
            #expect(
                text.contains("udp sum ok") && !text.contains("bad") && !text.contains("incorrect"),
                "\(text)"
            )
            #expect(text.contains(new) && !text.contains("203.0.113.7"))
        }
    }

    @Test("a file that ends within a frame is copied up to it")
    func cut() async throws {
        let original = capture().bytes
        for count in [original.count - 1, original.count - 60, original.count - 70] {
            let (result, bytes) = try await copy(Array(original.prefix(count)))
            #expect(result.isCut && result.frames == 1, "\(count)")
            #expect(bytes.count < count)
        }
    }

    @Test("what is no capture of an Ethernet, or has frames that cannot be, is refused")
    func refused() async throws {
        var notEthernet = capture().bytes
        notEthernet[20] = 101
        var huge = capture().bytes
        huge[24 + 8 + 3] = 0x7F
        for bytes in [[], Array(capture().bytes.prefix(23)), [1] + capture().bytes, notEthernet, huge] {
            await #expect(throws: Failure.self) { try await copy(bytes) }
        }
    }

    @Test("no file, however broken, does harm")
    func mutations() async throws {
        var random = SeededGenerator(seed: 9)
        let original = capture().bytes
        for _ in 0..<200 {
            var bytes = original
            for _ in 0..<4 {
                bytes[Int.random(in: 20..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            guard let (_, copied) = try? await copy(bytes) else { continue }
            #expect(copied.count <= bytes.count)
        }
    }
}
