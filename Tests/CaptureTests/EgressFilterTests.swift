import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Capture

/// Frames as a guest may send them.
enum GuestFrame {
    static func ip(
        _ destination: [UInt8],
        _ proto: UInt8,
        _ payload: [UInt8],
        fragment: UInt16 = 0,
        options: Int = 0,
        from source: [UInt8] = [10, 0, 2, 15],
        hardware: [UInt8] = [0x52, 0x54, 0, 0x12, 0x34, 0x56]
    ) -> [UInt8] {
        let header = 20 + options
        let length = UInt16(header + payload.count)
        return [0x52, 0x55, 10, 0, 2, 2] + hardware + [8, 0] + [0x40 | UInt8(header / 4), 0]
            + word(length) + [0, 1] + word(fragment) + [64, proto, 0, 0] + source + destination
            + [UInt8](repeating: 1, count: options) + payload
    }

    static func tcp(_ port: UInt16, flags: UInt8) -> [UInt8] {
        word(40000) + word(port) + [0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags] + [255, 255, 0, 0, 0, 0]
    }

    static func udp(_ port: UInt16, from source: UInt16 = 5000) -> [UInt8] {
        word(source) + word(port) + [0, 8, 0, 0]
    }

    static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
}

@Suite struct EgressFilterTests {
    private let listed: [UInt8] = [192, 0, 2, 7]
    private let other: [UInt8] = [198, 51, 100, 1]

    private func filter(_ rules: String...) throws -> EgressFilter {
        EgressFilter(rules: try rules.map { try EgressRule($0) })
    }

    @Test func onlyWhatIsListedBegins() throws {
        let filter = try filter("192.0.2.7:80/tcp", "192.0.2.8", "dns")
        let syn: UInt8 = 2
        #expect(filter.lets(GuestFrame.ip(listed, 6, GuestFrame.tcp(80, flags: syn))))
        // Slirp takes other flags beside SYN for a beginning, too.
        for flags: UInt8 in [2, 2 | 8, 2 | 1, 2 | 4, 2 | 64 | 128] {
            #expect(!filter.lets(GuestFrame.ip(other, 6, GuestFrame.tcp(80, flags: flags))))
            #expect(!filter.lets(GuestFrame.ip(listed, 6, GuestFrame.tcp(81, flags: flags), options: 8)))
        }
        #expect(
            filter.lets(GuestFrame.ip(other, 6, GuestFrame.tcp(80, flags: 0x12))),
            "the answer to a visitor"
        )
        #expect(filter.lets(GuestFrame.ip(other, 6, GuestFrame.tcp(80, flags: 0x18))))
        #expect(filter.lets(GuestFrame.ip([10, 0, 2, 3], 17, GuestFrame.udp(53))))
        #expect(!filter.lets(GuestFrame.ip([10, 0, 2, 2], 17, GuestFrame.udp(69))), "slirp's TFTP")
        #expect(
            !filter.lets(GuestFrame.ip([10, 0, 2, 2], 6, GuestFrame.tcp(22, flags: syn))),
            "the host's loopback"
        )
        #expect(filter.lets(GuestFrame.ip([192, 0, 2, 8], 1, [8, 0, 0, 0, 0, 0, 0, 0])))
        #expect(!filter.lets(GuestFrame.ip(listed, 1, [8, 0, 0, 0, 0, 0, 0, 0])))
        let refused = filter.refused
        #expect(refused.packets == 13 && refused.others == 0)
        #expect(
            refused.destinations["198.51.100.1:80/tcp"] == 5 && refused.destinations["192.0.2.7/icmp"] == 1
        )
    }

    @Test func whatKeepsANetworkTogetherPasses() throws {
        let filter = try filter()
        let arp =
            [UInt8](repeating: 0xFF, count: 6) + [0x52, 0x54, 0, 0, 0, 1, 8, 6]
            + [UInt8](repeating: 0, count: 28)
        #expect(filter.lets(arp))
        #expect(filter.lets(GuestFrame.ip([255, 255, 255, 255], 17, GuestFrame.udp(67, from: 68))))
        #expect(filter.lets(GuestFrame.ip([10, 0, 2, 2], 17, GuestFrame.udp(67, from: 68))))
        #expect(!filter.lets(GuestFrame.ip(other, 17, GuestFrame.udp(67, from: 68))))
        #expect(!filter.lets(GuestFrame.ip([10, 0, 2, 2], 17, GuestFrame.udp(67, from: 5000))))
    }

    @Test func fragmentsAndTheBrokenAreNoWayAround() throws {
        let filter = try filter("192.0.2.7:80/tcp", "192.0.2.8")
        let syn = GuestFrame.tcp(80, flags: 2)
        #expect(!filter.lets(GuestFrame.ip(listed, 6, syn, fragment: 0x2000)))
        #expect(!filter.lets(GuestFrame.ip(listed, 6, syn, fragment: 1)))
        #expect(filter.lets(GuestFrame.ip([192, 0, 2, 8], 6, syn, fragment: 1)))
        let whole = GuestFrame.ip(listed, 6, syn)
        for count in 0..<whole.count { #expect(!filter.lets(whole.prefix(count)), "\(count) bytes") }
        var version = whole
        version[14] = 0x65
        var header = whole
        header[14] = 0x44
        var type = whole
        type[12...13] = [0x86, 0xDD]
        var tag = whole
        tag.insert(contentsOf: [0x81, 0, 0, 1], at: 12)
        for frame in [version, header, type, tag] { #expect(!filter.lets(frame)) }
    }

    @Test func whoSentADatagramFirstIsAnswered() throws {
        let filter = try filter()
        let answer = GuestFrame.ip(other, 17, GuestFrame.udp(7000, from: 53))
        #expect(!filter.lets(answer))
        filter.note(GuestFrame.ip([10, 0, 2, 15], 17, GuestFrame.udp(53, from: 7000), from: other))
        #expect(filter.lets(answer))
        #expect(!filter.lets(GuestFrame.ip(other, 17, GuestFrame.udp(7001, from: 53))))
        #expect(!filter.lets(GuestFrame.ip(listed, 17, GuestFrame.udp(7000, from: 53))))
        // Whoever sprays addresses pushes others out, and nothing grows.
        for port in 0..<UInt16(9000) {
            filter.note(GuestFrame.ip([10, 0, 2, 15], 17, GuestFrame.udp(53, from: port), from: listed))
        }
        #expect(!filter.lets(answer))
        #expect(filter.lets(GuestFrame.ip(listed, 17, GuestFrame.udp(8999, from: 53))))
    }

    /// However a frame is changed, it passes only where a plain reading of it says so.
    @Test func noMutationBeginsAnythingElsewhere() throws {
        var random = SeededGenerator(seed: 3)
        let filter = try filter("192.0.2.7:80/tcp")
        let seeds = [
            GuestFrame.ip(listed, 6, GuestFrame.tcp(80, flags: 2)),
            GuestFrame.ip(other, 17, GuestFrame.udp(80)),
            GuestFrame.ip(other, 6, GuestFrame.tcp(80, flags: 2), options: 12),
        ]
        for _ in 0..<20000 {
            var frame = seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                frame[Int.random(in: 0..<frame.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            if Bool.random(using: &random) {
                frame.removeLast(Int.random(in: 0...frame.count, using: &random))
            }
            guard filter.lets(frame) else { continue }
            // What passes is address resolution, goes on with a connection, leases an address, or is listed.
            let isIP = frame[12] == 8 && frame[13] == 0
            guard isIP else {
                #expect(frame[12] == 8 && frame[13] == 6)
                continue
            }
            let start = 14 + Int(frame[14] & 15) * 4
            let port = UInt16(frame[start + 2]) << 8 | UInt16(frame[start + 3])
            let isListed = Array(frame[30..<34]) == listed && port == 80
            #expect(frame[20] & 0x3F == 0 && frame[21] == 0)
            #expect(
                frame[23] == 6 ? (isListed || frame[start + 13] & 0x12 != 2) : frame[23] == 17 && port == 67
            )
        }
    }
}

@Suite struct EgressGateTests {
    @Test func whatIsListedIsHandedBackAndTheRestIsNot() async throws {
        let (outward, guest) = try connectedPair()
        let (inward, toGuest) = try connectedPair()
        let (back, network) = try connectedPair()
        let filter = EgressFilter(rules: [try EgressRule("192.0.2.7:80/tcp")])
        let gate = EgressGate(filter, outward: outward, inward: inward, back: back)
        let good = GuestFrame.ip([192, 0, 2, 7], 6, GuestFrame.tcp(80, flags: 2))
        let bad = GuestFrame.ip([192, 0, 2, 9], 6, GuestFrame.tcp(80, flags: 2))
        let visit = GuestFrame.ip([10, 0, 2, 15], 17, GuestFrame.udp(53, from: 9), from: [192, 0, 2, 9])
        let answer = GuestFrame.ip([192, 0, 2, 9], 17, GuestFrame.udp(9, from: 53))
        try await toGuest.write(FrameStream.envelope(visit[...]))
        let sent = [bad, good, answer, bad].flatMap { FrameStream.envelope($0[...]) }
        for piece in [sent.prefix(3), sent[3..<70], sent[70...]] { try await guest.write(Array(piece)) }
        let wanted = [good, answer].flatMap { FrameStream.envelope($0[...]) }
        var passed: [UInt8] = []
        _ = try await poll(for: .seconds(5)) {
            passed += network.readAvailable() ?? []
            return passed.count >= wanted.count && filter.refused.packets == 2 ? true : nil
        }
        #expect(!gate.isShut)
        #expect(passed == wanted && filter.refused.destinations == ["192.0.2.9:80/tcp": 2])
        #expect(gate.finish() == nil)
    }

    /// The engine drops what it has nobody to hand to.
    @Test func aGateThatFailsIsShut() async throws {
        let (outward, guest) = try connectedPair()
        let (inward, toGuest) = try connectedPair()
        let (back, network) = try connectedPair()
        let gate = EgressGate(EgressFilter(rules: []), outward: outward, inward: inward, back: back)
        try await guest.write([255, 255, 255, 255, 0])
        let isShut = try await poll(for: .seconds(5)) { network.readAvailable() == nil ? true : nil }
        #expect(isShut == true && gate.isShut)
        #expect(gate.finish()?.contains("4294967295 bytes") == true)
        withExtendedLifetime(toGuest) {}
    }

    @Test func anEngineThatTakesNothingHoldsNobodyUp() async throws {
        let (outward, guest) = try connectedPair()
        let (inward, toGuest) = try connectedPair()
        let (back, network) = try connectedPair()
        let filter = EgressFilter(rules: [try EgressRule("192.0.2.7")])
        let gate = EgressGate(filter, outward: outward, inward: inward, back: back)
        let frame = GuestFrame.ip(
            [192, 0, 2, 7],
            17,
            GuestFrame.udp(9) + [UInt8](repeating: 0, count: 60000)
        )
        // Eight MiB, of which nobody reads any.
        for _ in 0..<140 { try await guest.write(FrameStream.envelope(frame[...])) }
        try await guest.write(FrameStream.envelope(GuestFrame.ip([1, 1, 1, 1], 17, GuestFrame.udp(9))[...]))
        let isThrough = try await poll(for: .seconds(10)) { filter.refused.packets == 1 ? true : nil }
        #expect(isThrough == true && gate.finish() == nil)
        withExtendedLifetime((toGuest, network)) {}
    }
}
