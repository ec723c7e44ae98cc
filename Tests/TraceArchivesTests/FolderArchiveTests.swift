import Foundation
import HostSupport
import TestSupport
import Testing

@testable import TraceArchives

@Suite("A folder as a tar") struct FolderArchiveTests {
    private func make(_ folder: HostPath) throws -> [String: String] {
        let files = [
            "README.md": "read me", "data/rr/a.zst": String(repeating: "x", count: 100_000),
            ".zenodo.json": "",
        ]
        for (name, text) in files {
            try FileSystem.createDirectory((folder / name).parent)
            try FileSystem.write(text, to: folder / name)
        }
        return files
    }

    @Test("comes out as it went in, and to the same bytes each time")
    func roundTrip() async throws {
        try await withScratch { folder in
            let files = try make(folder / "d")
            for name in ["1.tar", "2.tar"] {
                try FolderArchive.write(
                    files.keys.shuffled(),
                    of: folder / "d",
                    named: "set",
                    to: folder / name
                )
            }
            #expect(try FileSystem.read(folder / "1.tar") == FileSystem.read(folder / "2.tar"))
            try FileSystem.createDirectory(folder / "u")
            #expect(try FolderArchive.unpack(folder / "1.tar", into: folder / "u") == "set")
            for (name, text) in files { #expect(try FileSystem.readText(folder / "u/set" / name) == text) }
            // As others read it.
            let listed = try await Tool("tar").run(["-tf", (folder / "1.tar").string])
            #expect(
                Set(listed.split(separator: "\n").map(String.init)) == Set(files.keys.map { "set/\($0)" })
            )
        }
    }

    @Test(
        "leads nowhere but into its folder",
        arguments: [
            ("../x", "0", ""), ("/etc/x", "0", ""), ("set/../../x", "0", ""), ("set/./x", "0", ""),
            ("set//x", "0", ""),
            ("set/x", "2", "/etc/passwd"), ("set/x", "1", "set/a"), ("set/x", "6", ""), ("set/x", "3", ""),
            ("set/a\u{1B}[2J", "0", ""), ("other/x", "0", ""), ("x", "0", ""), ("set/a", "0", ""),
            ("set/a/b", "0", ""),
        ] as [(String, String, String)]
    )
    func hostile(name: String, type: String, link: String) async throws {
        try await withScratch { folder in
            var tar = RawTar()
            tar.add("set/a", "first")
            tar.add(name, type == "0" ? Array("second".utf8) : [], type: Character(type), link: link)
            try FileSystem.write(Data(tar.ended), to: folder / "x.tar")
            try FileSystem.createDirectory(folder / "u")
            let error = try #require(throws: Failure.self) {
                try FolderArchive.unpack(folder / "x.tar", into: folder / "u")
            }
            #expect([.badData, .cannotCreate].contains(error.code), "\(error)")
            #expect(FileSystem.list(folder) == ["u", "x.tar"])
            #expect(Set(FileSystem.list(folder / "u")).isSubset(of: ["set"]))
        }
    }

    @Test("damaged at random, writes nothing outside", arguments: 0..<20)
    func damage(seed: Int) async throws {
        try await withScratch { folder in
            var random = SeededGenerator(seed: UInt64(seed))
            var tar = RawTar()
            tar.add("set/a", "first")
            tar.add("set/data/b", "second")
            for round in 0..<20 {
                var bytes = tar.ended
                for _ in 0..<3 {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                        Array("./\0\u{7F}02".utf8).randomElement(using: &random) ?? 0
                }
                try FileSystem.write(Data(bytes), to: folder / "x.tar")
                let target = folder / "u\(round)"
                try FileSystem.createDirectory(target)
                _ = try? FolderArchive.unpack(folder / "x.tar", into: target)
            }
            #expect(FileSystem.list(folder).allSatisfy { $0.hasPrefix("u") || $0 == "x.tar" })
        }
    }
}
