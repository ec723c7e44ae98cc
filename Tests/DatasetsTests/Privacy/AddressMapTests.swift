import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Datasets

@Suite("Addresses are replaced so that networks stay networks")
struct AddressMapTests {
    private let map: AddressMap

    init() throws {
        map = try AddressMap(key: Array(0..<32))
    }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    private func random(_ random: inout SeededGenerator, version4: Bool) throws -> IPAddress {
        try #require(
            IPAddress(bytes: (0..<(version4 ? 4 : 16)).map { _ in UInt8.random(in: 0...255, using: &random) })
        )
    }

    private func shared(_ one: IPAddress, _ other: IPAddress) -> Int {
        (0..<one.bitCount).first { one.bit($0) != other.bit($0) } ?? one.bitCount
    }

    @Test("two that begin with the same bits become two that begin with as many", arguments: 0..<20)
    func prefixes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for version4 in [true, false] {
            let one = try random(&generator, version4: version4)
            for bits in [0, 1, 7, 8, 12, 23, 24, 31] + (version4 ? [] : [47, 64, 127]) {
                var bytes = one.bytes
                bytes[bits / 8] ^= 0x80 >> UInt8(bits % 8)
                for place in bytes.indices where place > bits / 8 {
                    bytes[place] = .random(in: 0...255, using: &generator)
                }
                let other = try #require(IPAddress(bytes: bytes))
                #expect(shared(one, other) == bits)
                #expect(
                    shared(map.replacement(for: one), map.replacement(for: other)) == bits,
                    "\(one), \(other)"
                )
            }
        }
    }

    @Test("no two become one, and none becomes a reserved one")
    func bijection() throws {
        for base in ["198.51.100.0", "10.0.0.0", "126.255.254.0", "223.255.255.0"] {
            let bytes = try address(base).bytes
            let all = (0..<1024).compactMap { number in
                IPAddress(bytes: [bytes[0], bytes[1], bytes[2] &+ UInt8(number >> 8), UInt8(number & 255)])
            }
            #expect(Set(all.map { map.replacement(for: $0) }).count == 1024)
            for one in all {
                let isReserved = AddressMap.reserved.contains { one.isIn($0) }
                let other = map.replacement(for: one)
                #expect(
                    AddressMap.reserved.contains { other.isIn($0) } == isReserved,
                    "\(one) became \(other)"
                )
                if isReserved { #expect(one == other) }
            }
        }
    }

    @Test(
        "what means the same everywhere stays",
        arguments: [
            "0.0.0.0", "127.0.0.1", "10.0.2.2", "10.0.2.15", "10.0.2.255", "169.254.1.1", "224.0.0.251",
            "255.255.255.255", "::", "::1", "fe80::1234", "fec0::2", "ff02::1:ff00:2",
        ]
    )
    func reserved(text: String) throws {
        #expect(map.replacement(for: try address(text)).description == text)
    }

    @Test("an address of version 4 within one of version 6 is replaced as one of version 4")
    func embedded() throws {
        let inner = map.replacement(for: try address("203.0.113.7"))
        #expect(map.replacement(for: try address("::ffff:203.0.113.7")) == IPAddress("::ffff:\(inner)"))
        #expect(map.replacement(for: try address("::ffff:10.0.2.2")).description == "::ffff:10.0.2.2")
    }

    @Test("another key makes other addresses, the same one the same")
    func keys() throws {
        let one = try address("203.0.113.7")
        #expect(map.replacement(for: one) == (try AddressMap(key: Array(0..<32))).replacement(for: one))
        let other = try AddressMap(key: Array(1...32))
        #expect(map.replacement(for: one) != other.replacement(for: one))
        #expect(map.fingerprint != other.fingerprint && map.fingerprint.count == 16)
        #expect(throws: Failure.self) { try AddressMap(key: [1, 2, 3]) }
    }

    /// The map as its description has it, written once more in another language.
    private static let python = """
        import hmac, ipaddress, sys
        key = bytes(range(32))
        kept = [ipaddress.ip_network(n) for n in ("0.0.0.0/8", "10.0.2.0/24", "127.0.0.0/8", "169.254.0.0/16",
            "224.0.0.0/4", "240.0.0.0/4", "::/96", "fe80::/10", "fec0::/64", "ff00::/8")]
        def replaced(a):
            if any(a.version == n.version and a in n for n in kept): return a
            if a.version == 6 and a.ipv4_mapped is not None:
                return ipaddress.IPv6Address((0xffff << 32) | int(replaced(a.ipv4_mapped)))
            size = a.max_prefixlen
            edges = [n for n in kept + [ipaddress.ip_network("::ffff:0:0/96")] if n.version == a.version]
            value, out = int(a), 0
            for bit in range(size):
                prefix = value >> (size - bit) << (size - bit)
                leads = any(n.prefixlen > bit and int(n.network_address) >> (size - bit) == value >> (size - bit)
                    for n in edges)
                flip = 0
                if not leads:
                    text = b"pandacap address map 1\\0" + bytes([a.version, bit]) + prefix.to_bytes(size // 8, "big")
                    flip = hmac.digest(key, text, "sha256")[0] >> 7
                out = out << 1 | (value >> (size - 1 - bit) & 1) ^ flip
            return type(a)(out)
        for line in sys.stdin:
            print(replaced(ipaddress.ip_address(line.strip())))
        """

    @Test("a program in another language that does what the description says replaces the same")
    func independent() async throws {
        var generator = SeededGenerator(seed: 8)
        var all = try [
            "0.0.0.1", "10.0.2.3", "10.0.3.3", "8.8.8.8", "126.0.0.1", "223.1.1.1", "::1", "::ffff:9.9.9.9",
        ]
        .map { try address($0) }
        for _ in 0..<60 {
            all += [try random(&generator, version4: true), try random(&generator, version4: false)]
        }
        let input = all.map { "\($0)\n" }.joined()
        let output = try await Tool("python3").run(["-c", Self.python], input: input)
        let expected = output.split(separator: "\n").map(String.init)
        #expect(expected.count == all.count)
        for (one, text) in zip(all, expected) {
            #expect(map.replacement(for: one) == IPAddress(text), "\(one)")
        }
    }

    @Test("these do not change from version to version: datasets of one key stay comparable")
    func vectors() throws {
        for (text, expected) in Self.known {
            #expect(map.replacement(for: try address(text)).description == expected)
        }
    }

    private static let known: [(String, String)] = [
        ("203.0.113.7", "192.184.98.106"), ("198.51.100.23", "207.251.120.122"), ("8.8.8.8", "9.186.95.78"),
        ("2001:db8::17:5", "25a0:f08d:1627:bcc7:2a6e:cf8a:e46f:4ce9"),
    ]

    @Test("in texts and JSON, addresses are replaced and what looks like some is not")
    func texts() throws {
        func new(_ text: String) throws -> String { map.replacement(for: try address(text)).description }
        let (four, six) = (try new("203.0.113.7"), try new("2001:db8::7"))
        for (text, expected) in [
            ("connect to 203.0.113.7:80/tcp.", "connect to \(four):80/tcp."),
            (#"{"203.0.113.7":1,"a":"[2001:db8::7]:22"}"#, #"{"\#(four)":1,"a":"[\#(six)]:22"}"#),
            ("203.0.113.7, 203.0.113.7.", "\(four), \(four)."),
            (
                "10.0.2.15 127.0.0.1 12:34:56 52:54:00:12:34:56 1.2.3 v1.2.3.4 a::b std::string 999.1.1.1",
                "10.0.2.15 127.0.0.1 12:34:56 52:54:00:12:34:56 1.2.3 v1.2.3.4 \(try new("a::b")) std::string 999.1.1.1"
            ),
            ("é203.0.113.7é", "é\(four)é"), ("", ""), (":", ":"), ("...", "..."),
        ] {
            #expect(map.anonymised(text) == expected)
        }
        let network = map.anonymised("192.0.2.0/24")
        #expect(network.hasSuffix(".0/24") && network != "192.0.2.0/24")
        #expect(shared(try address("192.0.2.9"), try address("192.0.2.0")) >= 24)
        let host = try new("192.0.2.9")
        #expect(host.split(separator: ".").prefix(3) == network.split(separator: ".").prefix(3))
    }

    @Test("peers have other addresses, and are the same otherwise")
    func peers() throws {
        var peer = Peer(
            address: "203.0.113.7",
            port: 4,
            guestPort: 22,
            transport: "tcp",
            isFromGuest: false,
            first: Date()
        )
        peer.banner = "SSH-2.0-Go 203.0.113.7"
        peer.users = ["root", "203.0.113.7"]
        peer.received = 5
        let other = map.anonymised(peer)
        let text = String(decoding: try JSONText.encode(other), as: UTF8.self)
        #expect(!text.contains("203.0.113.7"))
        #expect(other.received == 5 && other.port == 4 && other.users.first == "root")
    }

    @Test("any bytes are taken as text")
    func anyText() {
        var generator = SeededGenerator(seed: 3)
        let letters = Array("0123456789abcdef:./\" \u{e9}x".utf8)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                letters.randomElement(using: &generator) ?? 0
            }
            let once = map.anonymised(Data(bytes))
            #expect(once == map.anonymised(Data(bytes)))
        }
    }

    @Test("a key's file is made once, for this user alone, and others are refused")
    func keyFile() async throws {
        try await withScratch { folder in
            let file = folder / "key"
            let one = try AddressMap(keyFile: file)
            #expect(FileKind(file)?.mode == 0o600 && FileSystem.size(file) == 65)
            #expect(try AddressMap(keyFile: file).fingerprint == one.fingerprint)
            #expect(FileSystem.list(folder) == ["key"])
            #expect(try AddressMap(keyFile: folder / "other").fingerprint != one.fingerprint)
            try FileSystem.setMode(file, 0o644)
            #expect(throws: Failure.self) { try AddressMap(keyFile: file) }
            for text in ["", "abc", String(repeating: "g", count: 64), String(repeating: "a", count: 66)] {
                try FileSystem.write(text, to: folder / "bad", mode: 0o600)
                #expect(throws: Failure.self) { try AddressMap(keyFile: folder / "bad") }
            }
        }
    }
}
