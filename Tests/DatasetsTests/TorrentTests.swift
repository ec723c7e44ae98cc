import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Datasets

@Suite("A torrent")
struct TorrentTests {
    private func withTorrent(_ body: (HostPath, Torrent, [UInt8]) async throws -> Void) async throws {
        try await withScratch { folder in
            let contents = folder / "d"
            try FileSystem.createDirectory(contents / "data/rr")
            var random = SeededGenerator(seed: 1)
            for (name, count) in [
                ("data/rr/a", 700_000), ("data/b", 5), (".zenodo.json", 300_000), ("empty", 0),
            ] {
                let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                try FileSystem.write(Data(bytes), to: contents / name)
            }
            let torrent = try await TorrentMaker(
                of: contents,
                webSeeds: ["http://127.0.0.1:1/x", "http://e.org/a,b/"],
                trackers: ["http://e.org/announce", "udp://e.org:1/a"]
            ).make(folder / "d.torrent")
            try await body(contents, torrent, Array(try FileSystem.read(folder / "d.torrent")))
        }
    }

    @Test("has every file, hidden ones too, and the addresses; the same each time; other tools read the same")
    func made() async throws {
        try await withTorrent { contents, torrent, bytes in
            #expect(torrent.files.map(\.path).sorted() == [".zenodo.json", "data/b", "data/rr/a", "empty"])
            #expect(torrent.bytes == 1_000_005 && torrent.pieceBytes == 1 << 18 && torrent.pieceCount == 4)
            #expect(torrent.webSeeds == ["http://127.0.0.1:1/x/", "http://e.org/a%2Cb/"])
            #expect(torrent.trackers == ["http://e.org/announce", "udp://e.org:1/a"])
            #expect(!torrent.isPrivate && torrent.name == "d")
            #expect(try await torrent.check(contents) == [])
            let again = contents.parent / "again.torrent"
            _ = try await TorrentMaker(of: contents, webSeeds: torrent.webSeeds, trackers: torrent.trackers)
                .make(again)
            #expect(Array(try FileSystem.read(again)) == bytes)
            let script = """
                import sys, torf
                torrent = torf.Torrent.read(sys.argv[1])
                assert torrent.verify(sys.argv[2])
                print(torrent.infohash, *torrent.webseeds)
                """
            let output = try await Validators.run("packages", script, again.string, contents.string)
            #expect(
                output.standardOutput == "\(torrent.infoHash) \(torrent.webSeeds.joined(separator: " "))\n",
                "\(output.standardError)"
            )
        }
    }

    @Test("of one file has that file's name")
    func single() async throws {
        try await withScratch { folder in
            try FileSystem.write("archive", to: folder / "d.tar")
            let torrent = try await TorrentMaker(
                of: folder / "d.tar",
                webSeeds: ["http://e.org/d.tar"],
                trackers: []
            )
            .make(folder / "t")
            #expect(
                torrent.isSingleFile && torrent.name == "d.tar" && torrent.webSeeds == ["http://e.org/d.tar"]
            )
            #expect(try await torrent.check(folder / "d.tar") == [])
            try FileSystem.write("archivf", to: folder / "d.tar")
            #expect(try await torrent.check(folder / "d.tar") == ["d.tar: is not as it was in piece 0 of 1"])
        }
    }

    @Test("finds what is missing, more, cut, or changed by a bit")
    func checked() async throws {
        try await withTorrent { contents, torrent, _ in
            let large = contents / "data/rr/a"
            let old = try FileSystem.read(large)
            var bytes = old
            bytes[bytes.count - 1] ^= 1
            try FileSystem.write(bytes, to: large)
            let found = try await torrent.check(contents)
            #expect(found.contains { $0.hasPrefix("data/rr/a: is not as it was in piece") })
            try FileSystem.write(old.dropLast(), to: large)
            #expect(try await torrent.check(contents).contains("data/rr/a: has 699999 bytes and not 700000"))
            try FileSystem.write(old, to: large)
            try FileSystem.write("", to: contents / "more")
            #expect(try await torrent.check(contents) == ["more: is not a file of the torrent"])
            try FileSystem.remove(contents / "more")
            try FileSystem.remove(contents / "empty")
            #expect(try await torrent.check(contents) == ["empty: is missing"])
        }
    }

    @Test("is not made of links, of nothing, or with addresses that are none")
    func refused() async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "d")
            func make(_ seeds: [String] = [], _ trackers: [String] = []) throws {
                _ = try TorrentMaker(of: folder / "d", webSeeds: seeds, trackers: trackers)
            }
            #expect(throws: Failure.self) { try make() }
            try FileSystem.write("x", to: folder / "d/x")
            try make()
            #expect(throws: Failure.self) { try make(["e.org"]) }
            #expect(throws: Failure.self) { try make([], ["wss://e.org/"]) }
            try FileManager.default.createSymbolicLink(
                atPath: (folder / "d/l").string,
                withDestinationPath: "x"
            )
            #expect(throws: Failure.self) { try make() }
            #expect(throws: Failure.self) {
                try TorrentMaker(of: folder / "none", webSeeds: [], trackers: [])
            }
        }
    }

    @Test("that names files outside of its folder, or is not what it says, is none")
    func hostile() throws {
        func torrent(_ name: String, _ path: [String], _ length: Int, pieces: Int = 1) -> [UInt8] {
            let components = path.map { "\($0.utf8.count):\($0)" }.joined()
            let info =
                "d5:filesld6:lengthi\(length)e4:pathl\(components)eee4:name\(name.utf8.count):\(name)"
                + "12:piece lengthi262144e6:pieces\(pieces * 20):\(String(repeating: "x", count: pieces * 20))e"
            return Array("d4:info\(info)e".utf8)
        }
        #expect(try Torrent(torrent("d", ["a", "b"], 5)).files.map(\.path) == ["a/b"])
        for bytes in [
            torrent("..", ["a"], 5), torrent("a/b", ["a"], 5), torrent("", ["a"], 5), torrent("d", [".."], 5),
            torrent("d", ["a", "../b"], 5), torrent("d", [""], 5), torrent("d", [], 5),
            torrent("d", ["/etc"], 5),
            torrent("d", ["a\0"], 5), torrent("d", ["a"], -5), torrent("d", ["a"], 262_145),
            torrent("d", ["a"], 5, pieces: 2), Array("d4:infod4:name1:deee".utf8), Array("i5e".utf8), [],
            Array("d4:infode4:infodee".utf8), Array("d1:bi1e1:ai1ee".utf8), Array("i05e".utf8),
            Array("i-0e".utf8),
            Array("99999999999999999999:".utf8), Array("9223372036854775807:a".utf8),
            Array((String(repeating: "l", count: 100_000)).utf8),
        ] {
            #expect(throws: Failure.self, "\(String(decoding: bytes.prefix(100), as: UTF8.self))") {
                try Torrent(bytes)
            }
        }
    }

    @Test("that is cut anywhere is none, and one with other bytes is read or refused")
    func mutations() async throws {
        try await withTorrent { _, _, bytes in
            for count in bytes.indices {
                #expect(throws: Failure.self) { try Torrent(Array(bytes.prefix(count))) }
            }
            var random = SeededGenerator(seed: 2)
            var refused = 0
            for _ in 0..<3000 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    changed[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
                        in: 0...255,
                        using: &random
                    )
                }
                if (try? Torrent(changed)) == nil { refused += 1 }
            }
            #expect((500..<3000).contains(refused), "\(refused)")
        }
    }
}
