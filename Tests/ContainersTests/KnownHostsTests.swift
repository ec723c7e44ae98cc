import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite struct KnownHostsTests {
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAmSZNbBIa1UmYgHcDK1DUfBcqoEn9fYdKlzQVhyhXQE"

    @Test func exactlyTheNamesOfContainersAreRemoved() async throws {
        try await withScratch { folder in
            let file = folder / "known_hosts"
            let lines = [
                "# a comment with 172.17.0.2",
                "172.17.0.2 \(Self.key)",
                "172.17.0.20 \(Self.key) 172.17.0.2",
                "host.example,172.17.0.2,other \(Self.key) mine",
                "172.17.* \(Self.key)",
                "@revoked 172.17.0.2 \(Self.key)",
                "[172.17.0.2]:2222 \(Self.key)",
                "[127.0.0.1]:2200,[localhost]:2200 \(Self.key)",
                "", "127.0.0.1 \(Self.key)", "not a line of any kind",
            ]
            try FileSystem.write(lines.joined(separator: "\n"), to: file, mode: 0o600)
            let hosts = ["172.17.0.2", "[127.0.0.1]:2200", "[localhost]:2200"]
            let planned = try await KnownHosts(file).forget(hosts, isPlan: true)
            #expect(try FileSystem.readText(file) == lines.joined(separator: "\n"))
            let removed = try await KnownHosts(file).forget(hosts)
            #expect(removed == planned)
            #expect(
                removed.map(\.line) == [2, 4, 8, 8] && removed.map(\.isWhole) == [true, false, true, true]
            )
            var expected = lines
            expected[3] = "host.example,other \(Self.key) mine"
            expected.remove(at: 7)
            expected.remove(at: 1)
            #expect(try FileSystem.readText(file) == expected.joined(separator: "\n"))
            #expect(FileKind(file)?.mode == 0o600)
            #expect(FileSystem.list(folder) == ["known_hosts"])
            #expect(try await KnownHosts(file).forget(hosts).isEmpty)
        }
    }

    @Test func hashedLinesAreFound() async throws {
        try await withScratch { folder in
            let file = folder / "known_hosts"
            try FileSystem.write(
                ["10.0.0.1", "172.17.0.2", "[172.17.0.2]:2222", "10.0.0.2"].map { "\($0) \(Self.key)\n" }
                    .joined(),
                to: file
            )
            try await Tool("ssh-keygen").run(["-q", "-H", "-f", file.string])
            let hashed = try FileSystem.readText(file).split(separator: "\n").map(String.init)
            #expect(hashed.count == 4 && hashed.allSatisfy { $0.hasPrefix("|1|") })
            let removed = try await KnownHosts(file).forget(["172.17.0.2", "172.17.0.3", "[172.17.0.2]:2222"])
            #expect(removed.map(\.line) == [2, 3])
            #expect(try FileSystem.readText(file) == "\(hashed[0])\n\(hashed[3])\n")
        }
    }

    @Test func aLinkedFileStaysLinkedAndAMissingOneIsNoError() async throws {
        try await withScratch { folder in
            #expect(try await KnownHosts(folder / "none").forget(["10.0.0.1"]).isEmpty)
            #expect(FileSystem.list(folder).isEmpty)
            try FileSystem.write("10.0.0.1 \(Self.key)\r\n\u{FF}é\n", to: folder / "real", mode: 0o640)
            try FileManager.default.createSymbolicLink(
                atPath: (folder / "known_hosts").string,
                withDestinationPath: "real"
            )
            _ = try await KnownHosts(folder / "known_hosts").forget(["10.0.0.1"])
            #expect(FileKind(folder / "known_hosts")?.kind == .link)
            #expect(try FileSystem.readText(folder / "real") == "\u{FF}é\n")
            #expect(FileKind(folder / "real")?.mode == 0o640)
        }
    }

    @Test func otherBytesStayWhatTheyAre() {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<200 {
            let lines = (0..<5).map { _ in
                Data((0..<30).map { _ in UInt8.random(in: 0...255, using: &generator) }.filter { $0 != 10 })
            }
            let text = Data(lines.joined(separator: [10]))
            let places = ["10.0.0.1": Set((1...5).filter { _ in Bool.random(using: &generator) })]
            #expect(KnownHosts.removing(places, from: text).text.count <= text.count)
            #expect(KnownHosts.removing([:], from: text).text == text)
        }
    }
}
