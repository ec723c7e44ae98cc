import Foundation
import HostSupport
import TestSupport
import Testing

@testable import RunRecords

@Suite("Who was connected")
struct PeerTests {
    private typealias Packets = CapturedPackets

    private func peers(
        _ packets: CapturedPackets,
        console: String = "",
        connections: Int? = nil
    ) async throws -> RunPeers {
        try await withScratch { path in
            let folder = RunFolder(path)
            try Data(packets.bytes).write(to: URL(fileURLWithPath: folder.packets.string))
            try FileSystem.write(console, to: folder.console)
            var record = try plannedRecord()
            record.connections = connections
            let written = try #require(try RunPeers.gather(in: folder, of: record))
            #expect(try RunPeers.read(from: folder) == written)
            return written
        }
    }

    private func visit(_ port: UInt16, _ banner: String, into packets: inout CapturedPackets, at time: Double)
    {
        packets.add(Packets.segment(port: port, flags: 2, sequence: 99), at: time)
        packets.add(Packets.segment(isFromPeer: false, port: port, flags: 18, sequence: 500), at: time + 0.5)
        packets.add(
            Packets.segment("SSH-2.0-dropbear\r\n", isFromPeer: false, port: port, sequence: 501),
            at: time + 1
        )
        packets.add(Packets.segment(banner, port: port, sequence: 100), at: time + 1.5)
    }

    @Test(
        "a visit has its address, ports, times, bytes each way and banner, in either byte order",
        arguments: [false, true]
    )
    func visit(isBigEndian: Bool) async throws {
        var packets = Packets(isBigEndian: isBigEndian)
        visit(40_001, "SSH-2.0-Go\r\nmore", into: &packets, at: 1_700_000_000)
        let peer = try #require(try await peers(packets).peers.first)
        #expect(peer.address == "203.0.113.7" && peer.port == 40_001 && peer.guestPort == 22)
        #expect(peer.transport == "tcp" && !peer.isFromGuest)
        #expect(peer.banner == "SSH-2.0-Go")
        #expect(peer.received == 16 && peer.sent == 18)
        #expect(peer.first == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(peer.last == Date(timeIntervalSince1970: 1_700_000_001.5))
    }

    @Test("a banner in pieces is put together; what came twice counts once, what is no text is none")
    func banners() async throws {
        var packets = Packets()
        packets.add(Packets.segment(port: 1, flags: 2, sequence: 99), at: 1)
        for (sequence, text) in [(100, "GET /"), (100, "GET /"), (109, "late"), (105, " HTTP/1.1\r\n")] {
            packets.add(Packets.segment(text, port: 1, sequence: UInt32(sequence)), at: 2)
        }
        packets.add(Packets.segment(port: 2, flags: 2, sequence: 99), at: 3)
        packets.add(Packets.segment("\u{16}\u{3}\u{1}", port: 2, sequence: 100), at: 4)
        packets.add(Packets.segment(port: 3, flags: 2, sequence: .max), at: 5)
        packets.add(Packets.segment(String(repeating: "x", count: 999), port: 3, sequence: 0), at: 6)
        let banners = try await peers(packets).peers.map(\.banner)
        #expect(banners == ["GET / HTTP/1.1", nil, String(repeating: "x", count: 255)])
    }

    @Test("connections that were begun before the guest was ready are left out; the guest's own are not")
    func probes() async throws {
        var packets = Packets()
        for port in 1...4 { visit(UInt16(port), "SSH-2.0-x\n", into: &packets, at: Double(port) * 10) }
        packets.add(
            Packets.segment(isFromPeer: false, address: [1, 1, 1, 1], port: 80, guestPort: 5000, flags: 2),
            at: 90
        )
        packets.add(
            Packets.segment(
                "GET /\n",
                isFromPeer: false,
                address: [1, 1, 1, 1],
                port: 80,
                guestPort: 5000,
                sequence: 2
            ),
            at: 91
        )
        let all = try await peers(packets)
        #expect(all.peers.map(\.port) == [1, 2, 3, 4, 80])
        let visits = try await peers(packets, connections: 2).peers
        #expect(visits.map(\.port) == [3, 4, 80])
        #expect(visits.last?.isFromGuest == true && visits.last?.banner == "GET /")
        #expect(try await peers(packets, connections: 9).peers.count == 5)
    }

    @Test("a scan of the network is bounded, and what is left out is counted")
    func scan() async throws {
        var packets = Packets()
        for number in 0..<PeerTable.limit + 10 {
            packets.add(Packets.segment(port: UInt16(1000 + number), flags: 2), at: Double(number))
        }
        let found = try await peers(packets)
        #expect(found.peers.count == PeerTable.limit && found.omitted == 10)
    }

    @Test("a file that is cut, or anything at all, gives what can be read and says so")
    func damage() async throws {
        var packets = Packets()
        visit(40_001, "SSH-2.0-Go\r\n", into: &packets, at: 1)
        var random = SeededGenerator(seed: 7)
        try await withScratch { path in
            let folder = RunFolder(path)
            for _ in 0..<300 {
                var bytes = packets.bytes
                for _ in 0..<Int.random(in: 0...8, using: &random) {
                    bytes[Int.random(in: bytes.indices, using: &random)] = .random(
                        in: 0...255,
                        using: &random
                    )
                }
                bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
                try Data(bytes).write(to: URL(fileURLWithPath: folder.packets.string))
                let found = try #require(RunPeers.find(in: folder, of: try plannedRecord()))
                #expect(found.peers.count <= 4)
                if bytes.count < 24 { #expect(found.problem?.contains("no packet capture") == true) }
            }
            try Data(packets.bytes.dropLast()).write(to: URL(fileURLWithPath: folder.packets.string))
            let cut = try #require(RunPeers.find(in: folder, of: try plannedRecord()))
            #expect(cut.peers.count == 1 && cut.problem?.contains("is cut") == true)
        }
    }

    @Test("any bytes are taken for a frame, and none lead beyond it")
    func frames() {
        var random = SeededGenerator(seed: 3)
        let whole = Packets.segment("hello", flags: 2)
        for _ in 0..<5000 {
            var frame = whole
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                frame[Int.random(in: frame.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            // A slice, as frames come: its first index is not 0.
            let slice = ([9, 9, 9] + frame)[3..<3 + Int.random(in: 0...frame.count, using: &random)]
            guard let read = PeerFrame(slice) else { continue }
            #expect(read.payload.count <= slice.count)
        }
    }
}

@Suite("User names on a console")
struct ConsoleLoginTests {
    @Test(
        "what dropbear and OpenSSH write is understood",
        arguments: [
            (
                "[198] Nov 25 18:42:05 Pubkey auth succeeded for 'root' with ssh-ed25519 key SHA256:K from 10.0.2.2:35446",
                "root"
            ),
            ("[1] Nov 25 18:42:05 Bad password attempt for 'bob' from 10.0.2.2:35446\r", "bob"),
            (
                "[124] Nov 25 13:54:35 Exit before auth from <10.0.2.2:35446>: (user 'root', 1 fails): Exited normally",
                "root"
            ),
            (
                "Nov 25 18:42:05 vm sshd[12]: Failed password for invalid user al ice from 10.0.2.2 port 35446 ssh2",
                "al ice"
            ),
            ("Nov 25 18:42:05 vm sshd[12]: Invalid user admin from 10.0.2.2 port 35446", "admin"),
            ("Nov 25 18:42:05 vm sshd[12]: Accepted password for root from 10.0.2.2 port 35446 ssh2", "root"),
            (
                "x sshd[12]: Accepted publickey for root from 10.0.2.2 port 35446 ssh2: ED25519 SHA256:abc",
                "root"
            ),
            ("x sshd[1]: Connection closed by invalid user pi 10.0.2.2 port 35446 [preauth]", "pi"),
            ("x sshd[1]: Disconnected from authenticating user root 10.0.2.2 port 35446 [preauth]", "root"),
            // The name is the visitor's: what stands last counts.
            (
                "x sshd[1]: Failed none for invalid user a from 9.9.9.9 port 1 ssh2 from 10.0.2.2 port 35446 ssh2",
                "a from 9.9.9.9 port 1 ssh2"
            ),
            ("[1] Bad password attempt for 'a' from 9.9.9.9:1' from 10.0.2.2:35446", "a' from 9.9.9.9:1"),
        ]
    )
    func lines(line: String, user: String) throws {
        let login = try #require(ConsoleLogins.login(in: line))
        #expect(login.user == user)
        #expect(login.source == .init(address: "10.0.2.2", port: 35446))
    }

    @Test(
        "other lines tell nothing",
        arguments: [
            "[197] Nov 25 18:42:05 Child connection from 10.0.2.2:35430",
            "[197] Nov 25 18:42:05 Exit before auth from <10.0.2.2:35430>: Exited normally",
            "[124] Nov 25 13:54:34 Login attempt for nonexistent user",
            "Failed password for root from 10.0.2.2 port 99999 ssh2", "", "from  user ",
        ]
    )
    func others(line: String) { #expect(ConsoleLogins.login(in: line) == nil) }

    @Test("a console of anything is read, and what is kept of it is bounded and printable")
    func anything() async throws {
        try await withScratch { folder in
            var random = SeededGenerator(seed: 5)
            var lines = (0..<400).map { _ in
                "x sshd[1]: Invalid user \(random.nastyText()) from 10.0.2.2 port \(Int.random(in: 0...9, using: &random))"
            }
            lines += (0..<100).map { "x sshd[1]: Invalid user u\($0) from 10.0.2.2 port 77" }
            lines.append(
                "x sshd[1]: Invalid user \(String(repeating: "y", count: 9999)) from 10.0.2.2 port 78"
            )
            lines.append(
                "x sshd[1]: Invalid user \(String(repeating: "y", count: 999)) from 10.0.2.2 port 79"
            )
            try FileSystem.write(lines.joined(separator: "\n"), to: folder / "console.log")
            let users = ConsoleLogins(of: folder / "console.log").users
            #expect(users[.init(address: "10.0.2.2", port: 77)]?.count == 32)
            #expect(users[.init(address: "10.0.2.2", port: 78)] == nil)
            #expect(users[.init(address: "10.0.2.2", port: 79)]?.first?.count == 64)
            #expect(users.count > 5)
            for name in users.values.joined() {
                #expect(Console.printable(name) == name && name.count <= 64)
            }
        }
    }
}
