import HostSupport
import TestSupport
import Testing

@testable import RunRecords

@Suite struct EgressRuleTests {
    private func address(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> UInt32 {
        a << 24 | b << 16 | c << 8 | d
    }

    @Test func aRuleAllowsWhatItSays() throws {
        let one = address(192, 0, 2, 7)
        let web = try EgressRule("192.0.2.7:80/tcp")
        #expect(web.allows(one, port: 80, .tcp))
        #expect(!web.allows(one, port: 80, .udp) && !web.allows(one, port: 81, .tcp))
        #expect(!web.allows(one + 1, port: 80, .tcp) && !web.allows(one, port: nil, nil))
        let range = try EgressRule("192.0.2.0/24:1000-2000")
        #expect(range.allows(one, port: 1000, .udp) && range.allows(one, port: 2000, .tcp))
        #expect(!range.allows(one, port: 999, .tcp) && !range.allows(one + 256, port: 1000, .tcp))
        #expect(!range.allows(one, port: nil, nil), "a rule with ports is for what has ports")
        let all = try EgressRule("192.0.2.7")
        #expect(all.allows(one, port: 1, .tcp) && all.allows(one, port: nil, nil))
        #expect(try !EgressRule("192.0.2.7/udp").allows(one, port: nil, nil))
        let dns = try EgressRule("dns")
        #expect(
            dns.allows(address(10, 0, 2, 3), port: 53, .udp)
                && dns.allows(address(10, 0, 2, 3), port: 53, .tcp)
        )
        #expect(!dns.allows(address(10, 0, 2, 2), port: 53, .udp))
    }

    /// A wide rule must not lead back to the host, nor to where clouds keep secrets.
    @Test(arguments: [
        "0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8", "10.0.0.0/16", "126.0.0.0/7", "169.0.0.0/8", "128.0.0.0/1",
    ])
    func aWideRuleReachesNoSpecialAddress(_ text: String) throws {
        let rule = try EgressRule(text)
        let special = [
            address(0, 0, 0, 0), address(10, 0, 2, 2), address(10, 0, 2, 255), address(127, 0, 0, 1),
            address(169, 254, 169, 254), address(224, 0, 0, 251), address(255, 255, 255, 255),
        ]
        for address in special {
            #expect(!rule.allows(address, port: 80, .tcp), "\(text) \(address)")
        }
    }

    @Test(arguments: ["10.0.2.2", "10.0.2.0/24", "127.0.0.1", "169.254.169.254:80/tcp", "0.0.0.0"])
    func aSpecialAddressCanBeListed(_ text: String) throws {
        let rule = try EgressRule(text)
        #expect(rule.allows(rule.address, port: 80, .tcp))
    }

    @Test(arguments: [
        "", "x", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/24", "1.2.3.4/",
        "1.2.3.4:",
        "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:5-4", "1.2.3.4:1-2-3", "1.2.3.4:80/sctp", "1.2.3.4:80:90",
        "::1",
        "example.org:80", " 1.2.3.4", "1.2.3.4/tcp/udp", "DNS", "1.2.3.4:+80", "1.2.3.4:８０",
    ])
    func whatIsNoRuleIsRefused(_ text: String) {
        #expect { try EgressRule(text) } throws: {
            ($0 as? Failure)?.code == .usage && "\($0)".contains("'\(text)'")
        }
    }

    /// Rules put together by chance, held against what they were put together from.
    @Test func anyRuleMeansWhatItWasMadeOf() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<3000 {
            let prefix = Int.random(in: 0...32, using: &random)
            let mask: UInt32 = prefix == 0 ? 0 : ~0 << (32 - UInt32(prefix))
            // Far from the special ones.
            let network = (UInt32.random(in: 0x1000_0000...0x7EFF_FFFF, using: &random)) & mask
            let low = UInt16.random(in: 1...65535, using: &random)
            let high = UInt16.random(in: low...65535, using: &random)
            let transport = [EgressRule.Transport.tcp, .udp, nil].randomElement(using: &random) ?? nil
            let hasPorts = Bool.random(using: &random)
            let dotted = [24, 16, 8, 0].map { "\(network >> UInt32($0) & 255)" }.joined(separator: ".")
            let rule = try EgressRule(
                dotted + (prefix == 32 && Bool.random(using: &random) ? "" : "/\(prefix)")
                    + (hasPorts ? (low == high ? ":\(low)" : ":\(low)-\(high)") : "")
                    + (transport.map { "/\($0.rawValue)" } ?? "")
            )
            let tried =
                Bool.random(using: &random)
                ? network | UInt32.random(in: 0...(~mask), using: &random)
                : UInt32.random(in: 0x1000_0000...0x7EFF_FFFF, using: &random)
            guard (0x1000_0000...0x7EFF_FFFF).contains(tried) else { continue }
            let port = Bool.random(using: &random) ? low : UInt16.random(in: 0...65535, using: &random)
            let wanted =
                tried & mask == network && (transport == nil || transport == .tcp)
                && (!hasPorts || (low...high).contains(port))
            #expect(rule.allows(tried, port: port, .tcp) == wanted, "\(rule) \(tried) \(port)")
        }
    }

    @Test func whateverIsWrittenIsReadOrRefused() {
        var random = SeededGenerator(seed: 11)
        let pieces = [
            "1", "255", "256", ".", "/", ":", "-", "tcp", "udp", "dns", " ", "0", "é", "10.0.2.2",
            "99999999999999999999",
        ]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            guard let rule = try? EgressRule(text) else { continue }
            #expect(
                rule.description == text
                    && rule.allows(rule.address, port: rule.ports?.lowerBound ?? 1, rule.transport ?? .tcp)
            )
        }
    }

    @Test func whatIsRefusedIsCountedWithinBounds() throws {
        var refused = RefusedTraffic()
        #expect(refused.isEmpty)
        for number in 0..<1000 { refused.count("192.0.2.1:\(number)/tcp") }
        refused.count("192.0.2.1:3/tcp")
        refused.count(nil)
        #expect(
            refused.packets == 1001 && refused.others == 1 && refused.destinations["192.0.2.1:3/tcp"] == 2
        )
        #expect(refused.destinations.count == RefusedTraffic.mostDestinations)
        #expect(
            try JSONText.decode(RefusedTraffic.self, from: JSONText.encode(refused), source: "x") == refused
        )
    }
}
