import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Datasets

@Suite("What must not leave is found")
struct PrivacyScanTests {
    private func identity() -> HostIdentity {
        var identity = HostIdentity()
        identity.userNames = ["lovelace", "root"]
        identity.homeFolders = ["/home/lovelace", "/root"]
        identity.hostNames = ["analytical-engine"]
        identity.paths = ["/srv/collections/march"]
        for (text, what) in [
            ("84.200.17.23", "interface eth0"), ("192.168.7.9", "interface wlan0"),
            ("198.51.100.2", "interface eth1"),
            ("8.8.8.8", "the name server"),
            ("2a02:17::17:5", "interface eth0"), ("10.0.2.15", "interface tap0"),
        ] {
            if let address = IPAddress(text) { identity.addresses[address] = what }
        }
        return identity
    }

    private func scan(
        _ bytes: [UInt8],
        as role: ScannedFile.Role = .snapshot,
        canaries: [String] = ["Zugspitze"],
        identity: HostIdentity? = nil
    ) async throws -> PrivacyReport {
        try await withScratch { folder in
            try FileSystem.write(Data(bytes), to: folder / "file")
            let settings = try PrivacySettings(identity: identity ?? self.identity(), canaries: canaries)
            return try await PrivacyScan(settings).scan(
                [ScannedFile(folder / "file", role: role)],
                scratch: folder
            )
        }
    }

    private func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } }

    private static let secrets: [(String, FindingKind)] = [
        ("Zugspitze", .canary), ("lovelace", .userName), ("/home/lovelace", .homeFolder),
        ("analytical-engine", .hostName), ("/srv/collections/march", .hostPath),
        ("84.200.17.23", .operatorAddress), ("2a02:17::17:5", .operatorAddress),
        ("192.168.7.9", .privateAddress), ("198.51.100.2", .privateAddress),
    ]

    @Test("wherever it stands, in both encodings", arguments: secrets)
    func everywhere(secret: String, kind: FindingKind) async throws {
        // About the border of what is read at once, and at both ends of the file.
        for place in [0, 1, 777, 1_048_560, 1_056_820, 1_056_831, 1_056_832, 1_056_833, 2_105_000, 3_000_000]
        {
            for form in [Array(secret.utf8), wide(secret)] {
                var bytes = [UInt8](repeating: 0x7C, count: place) + form
                if place < 3_000_000 { bytes += [UInt8](repeating: 0x7C, count: 1_100_000) }
                let report = try await scan(bytes)
                let found = report.findings.filter { $0.kind == kind }
                #expect(found.map(\.offsets) == [[UInt64(place)]], "\(secret) at \(place)")
                #expect(found.first?.count == 1)
                #expect(
                    found.first?.excerpt.contains(secret) == false,
                    "the report does not repeat the secret"
                )
            }
        }
    }

    @Test("a part of another word is none")
    func words() async throws {
        for text in [
            "xlovelace", "lovelaces", "lovelace2", "analytical-engines", "/srv/collections/march2",
            "84.200.17.231", "184.200.17.23", "192.168.7.91", "8.8.8.8", "10.0.2.15", "root", "/root",
            "zugspitze",
            "2a02:17::17:5f",
        ] {
            let report = try await scan(Array("| \(text) |".utf8))
            #expect(report.findings.isEmpty, "\(text): \(report.findings)")
        }
        for text in ["84.200.17.23:22", "from 84.200.17.23.", "/home/lovelace/x", "<lovelace>"] {
            let report = try await scan(Array("| \(text) |".utf8))
            #expect(!report.findings.isEmpty, "\(text)")
        }
    }

    @Test("addresses are found as bytes where packets have addresses, and of version 6 everywhere")
    func binary() async throws {
        let four: [UInt8] = [84, 200, 17, 23]
        let header: [UInt8] = [8, 0, 0x45, 0, 0, 40, 1, 2, 0x40, 0, 64, 6, 0, 0]
        let asked: [UInt8] = [8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 2, 2, 2, 2, 2]
        for packet in [
            header + four + [10, 0, 2, 15], header + [10, 0, 2, 15] + four, asked + four + [3, 3],
            asked + [10, 0, 2, 15, 0, 0, 0, 0, 0, 0] + four, [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4] + four,
        ] {
            #expect(try await scan(packet, as: .packets).blocking.count == 1, "\(packet)")
            #expect(try await scan(packet, as: .snapshot).findings.isEmpty)
        }
        // The last byte of a sequence number, and an acknowledgement.
        let numbers = header + [10, 0, 2, 15, 10, 0, 2, 2, 0, 22, 0xD2, 0x8E, 0x36, 0xC8, 0xAD]
        #expect(try await scan(numbers + four + [80, 24], as: .packets).findings.isEmpty)
        let six = (IPAddress("2a02:17::17:5")?.bytes ?? []) + [9]
        #expect(try await scan(six, as: .log).blocking.map(\.kind) == [.operatorAddress])
    }

    @Test("keys are recognised by what follows their first line, and told apart by what they say")
    func keys() async throws {
        try await withScratch { folder in
            func make(_ type: String, _ comment: String) async throws -> (text: String, fingerprint: String) {
                let file = folder / "key-\(UUID().uuidString)"
                try await Tool("ssh-keygen").run([
                    "-q", "-t", type, "-N", "", "-C", comment, "-f", file.string,
                ])
                let words = try await Tool("ssh-keygen").run(["-l", "-f", file.string]).split(separator: " ")
                return (try FileSystem.readText(file), String(words[1]))
            }
            for type in ["ed25519", "rsa", "ecdsa"] {
                let own = try await make(type, "ada@desk")
                for text in [
                    own.text, own.text.replacing("\n", with: "\\n"), own.text.replacing("\n", with: "\r\n"),
                ] {
                    let report = try await scan(Array("....\(text)....".utf8))
                    #expect(report.blocking.map(\.kind) == [.privateKey], "\(type): \(report.findings)")
                    #expect(report.blocking.map(\.subject) == [own.fingerprint])
                }
                #expect(try await scan(wide("..\(own.text)..")).blocking.map(\.subject) == [own.fingerprint])
            }
            let guest = try await make("ed25519", "root@localhost")
            #expect(try await scan(Array(guest.text.utf8)).findings.map(\.kind) == [.guestKey])
            #expect(try await scan(Array(guest.text.utf8)).blocking.isEmpty)
            #expect(
                try await scan(Array(guest.text.utf8), as: .metadata).blocking.map(\.kind) == [.privateKey]
            )
            for comment in ["pandacap", "20261126T065343Z-tiny-a1b2"] {
                let run = try await make("ed25519", comment)
                #expect(try await scan(Array(run.text.utf8)).blocking.map(\.kind) == [.runKey])
            }

            let mine = try await make("ed25519", "root@localhost")
            var identity = identity()
            let line = try await Tool("ssh-keygen").filter(
                ["-y", "-f", "/dev/stdin"],
                input: Data(mine.text.utf8),
                limit: 4096
            )
            let publicLine = String(decoding: line, as: UTF8.self)
            let key = try #require(PublicKey(line: publicLine, name: "/etc/ssh/ssh_host_ed25519_key.pub"))
            #expect(key.fingerprint == mine.fingerprint)
            identity.publicKeys = [key]
            let private1 = try await scan(Array(mine.text.utf8), identity: identity)
            #expect(Set(private1.blocking.map(\.kind)) == [.operatorKey], "\(private1.findings)")
            let public1 = try await scan(Array("known_hosts: host \(publicLine)".utf8), identity: identity)
            #expect(public1.blocking.map(\.kind) == [.operatorKey])
            let blob = try #require(Data(base64Encoded: String(publicLine.split(separator: " ")[1])))
            #expect(try await scan([1, 2] + blob + [3], as: .log, identity: identity).blocking.count == 1)

            // As `openssl genpkey` writes it, and as older programs do with a passphrase.
            let other = try await Tool("openssl").run(["genpkey", "-algorithm", "ed25519"])
            #expect(try await scan(Array(other.utf8)).blocking.map(\.kind) == [.privateKey])
            let locked = try await Tool("openssl").run([
                "genrsa", "-traditional", "-aes128", "-passout", "pass:word", "1024",
            ])
            #expect(try await scan(Array(locked.utf8)).blocking.map(\.kind) == [.privateKey])
        }
    }

    @Test("dropbear's keys are the guest's")
    func dropbear() async throws {
        var random = SeededGenerator(seed: 1)
        let pair = (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }
        let key = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 64] + pair
        let report = try await scan([7, 7] + key + [7])
        #expect(report.findings.map(\.kind) == [.guestKey])
        #expect(report.findings.first?.offsets == [2])
        // The same key in another form is the same key.
        #expect(report.findings.first?.subject.hasPrefix("SHA256:") == true)
        let empty =
            [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 64] + [UInt8](repeating: 0, count: 64)
        #expect(try await scan(empty).findings.isEmpty)
    }

    @Test(
        "keys that a library tests itself with keep nothing back, even where only a key's beginning is there"
    )
    func published() async throws {
        let library = Array(try FileSystem.read("/usr/lib/x86_64-linux-gnu/libgnutls.so.30", limit: 8 << 20))
        let findings = try await scan(library, as: .disk).findings
        #expect(Set(findings.map(\.kind)) == [.publishedKey] && findings.count == 10, "\(findings)")
        #expect(findings.allSatisfy { $0.subject.hasSuffix(" (GnuTLS's self-tests)") && $0.level == .note })
        for key in findings {
            let place = Int(try #require(key.offsets.first))
            let line = "PRIVATE KEY-----".utf8.count
            // Sixty-four letters, and a line feed where the text has lines.
            let cut = Array(library[place - 16..<place + line + 66])
            #expect(try await scan(cut, as: .snapshot).findings.map(\.kind) == [.publishedKey])
            var other = Array(library[place - 16..<place + line + 90])
            other[line + 16 + 50] ^= 1
            #expect(try await scan(other, as: .snapshot).blocking.map(\.kind) == [.privateKey])
        }
    }

    @Test("the words that every program has which reads keys are no key")
    func noKeys() async throws {
        for text in [
            "-----BEGIN OPENSSH PRIVATE KEY-----\0-----END OPENSSH PRIVATE KEY-----\0",
            "-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n",
            "openssh-key-v1\0bcrypt\0aes256-ctr\0",
            "-----BEGIN PRIVATE KEY-----\nnot base 64 at all, but words.\n",
            "-----END PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHdjZ2RqZ2RqZ2RqZ2RqZ2RqZ2RqZ2RqZ2RqZ2Rq\n",
        ] {
            #expect(try await scan(Array(text.utf8)).findings.isEmpty, "\(text)")
        }
    }

    @Test("what is in dictionaries is told of guests, and keeps back what is published as text")
    func levels() async throws {
        let text = Array("lovelace 192.168.7.9 /home/lovelace".utf8)
        #expect(try await scan(text, as: .snapshot).blocking.map(\.kind) == [.homeFolder])
        #expect(
            Set(try await scan(text, as: .metadata).blocking.map(\.kind)) == [
                .homeFolder, .userName, .privateAddress,
            ]
        )
        #expect(try await scan(text, as: .record).blocking.isEmpty, "packing takes these out of it")
        #expect(try await scan(Array("Zugspitze".utf8), as: .record).blocking.count == 1)
    }

    @Test("what is acknowledged passes: a kind, or one key")
    func acknowledged() async throws {
        let settings = try PrivacySettings(
            identity: identity(),
            canaries: ["Zugspitze"],
            acknowledged: ["canary"]
        )
        let scan = PrivacyScan(settings)
        let passing = scan.scan(Data("Zugspitze".utf8), name: "a", role: .metadata)
        #expect(passing.findings.count == 1 && passing.blocking.isEmpty)
        try passing.requireHarmless(report: nil)
        let blocked = scan.scan(Data("Zugspitze in /home/lovelace".utf8), name: "b", role: .log)
        let failure = #expect(throws: Failure.self) { try blocked.requireHarmless(report: "/x/report.json") }
        #expect(failure?.code == .notPermitted && failure?.message.contains("home-folder") == true)
        #expect(failure?.hint?.contains("/x/report.json") == true)
        #expect(throws: Failure.self) {
            try PrivacySettings(identity: identity(), acknowledged: ["everything"])
        }
        #expect(throws: Failure.self) { try PrivacySettings(identity: identity(), canaries: ["abc"]) }
    }

    @Test("the report is this user's alone, and can be read again")
    func report() async throws {
        try await withScratch { folder in
            let report = try await scan(Array("Zugspitze".utf8))
            try report.write(to: folder / "report.json")
            #expect(FileKind(folder / "report.json")?.mode == 0o600)
            #expect(try PrivacyReport.read(folder / "report.json").blocking == report.blocking)
        }
    }

    @Test("compressed clusters of a disk are looked into, and files that it names are not")
    func disks() async throws {
        try await withScratch { folder in
            let raw = folder / "raw"
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            bytes.replaceSubrange(300_000..<300_009, with: "Zugspitze".utf8)
            try FileSystem.write(Data(bytes), to: raw)
            let image = Tool("qemu-img")
            try await image.run(["convert", "-c", "-O", "qcow2", raw.string, (folder / "small.qcow2").string])
            try await image.run(["convert", "-O", "qcow2", raw.string, (folder / "plain.qcow2").string])
            try await image.run([
                "create", "-q", "-f", "qcow2", "-F", "raw", "-b", raw.string, (folder / "over.qcow2").string,
            ])
            let scan = PrivacyScan(try PrivacySettings(identity: HostIdentity(), canaries: ["Zugspitze"]))
            func findings(_ name: String) async throws -> [PrivacyFinding] {
                try await scan.scan([ScannedFile(folder / name, role: .disk)], scratch: folder).findings
            }
            let small = try await findings("small.qcow2")
            #expect(small.map(\.place) == [.disk] && small.first?.offsets == [300_000])
            #expect(try await findings("plain.qcow2").map(\.place) == [.file])
            #expect(try await findings("over.qcow2").isEmpty, "the base disk is another file")
            try await image.run([
                "create", "-q", "-f", "qcow2", "-o", "data_file=\(raw),data_file_raw=on",
                (folder / "elsewhere.qcow2").string, "1M",
            ])
            await #expect(throws: Failure.self) { try await findings("elsewhere.qcow2") }
            #expect(FileSystem.list(folder).allSatisfy { !$0.hasPrefix(".scratch") })
        }
    }

    @Test("a file that is no regular one, or not there, is an error")
    func missing() async throws {
        let scan = PrivacyScan(try PrivacySettings(identity: HostIdentity()))
        await #expect(throws: Failure.self) {
            try await scan.scan([ScannedFile("/nowhere/at/all", role: .log)], scratch: "/tmp")
        }
        await #expect(throws: Failure.self) {
            try await scan.scan([ScannedFile("/dev/zero", role: .log)], scratch: "/tmp")
        }
    }

    @Test("what the resolver's file says is taken")
    func resolver() {
        var identity = HostIdentity()
        identity.take(
            resolver: "# x\nnameserver 198.51.100.53\nnameserver fe80::1%eth0\nsearch lab.example.org .\n"
        )
        #expect(identity.addresses.keys.map(\.description).sorted() == ["198.51.100.53", "fe80::1"])
        #expect(identity.hostNames == ["lab.example.org"])
        let here = HostIdentity.current(paths: ["/x/y"], environment: ["SSH_CLIENT": "203.0.113.9 5 22"])
        #expect(here.addresses.keys.contains { $0.description == "203.0.113.9" })
        #expect(here.addresses.keys.contains { $0.description == "127.0.0.1" })
        #expect(here.paths.contains("/x/y"))
    }
}
