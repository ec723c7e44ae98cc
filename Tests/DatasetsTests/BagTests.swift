import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Datasets

@Suite("A bag")
struct BagTests {
    private func withBag(_ body: (HostPath) async throws -> Void) async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "b/data/x")
            try FileSystem.write("one", to: folder / "b/data/x/1")
            try FileSystem.write("", to: folder / "b/data/empty")
            try FileSystem.write("odd", to: folder / "b/data/very \n odd")
            try FileSystem.write("read me", to: folder / "b/README.md")
            try await Bag(at: folder / "b").write(
                information: [("Contact-Name", "n\nm")],
                date: SampleDataset.created
            )
            try await body(folder / "b")
        }
    }

    @Test("is written as RFC 8493 says, and is complete and valid")
    func written() async throws {
        try await withBag { bag in
            #expect(try await Bag.check(at: bag) == [])
            let manifest = try FileSystem.readText(bag / "manifest-sha256.txt")
            #expect(manifest.contains("  data/very %0A odd\n"))
            let information = try FileSystem.readText(bag / "bag-info.txt")
            #expect(
                information.contains("Contact-Name: n m\n") && information.contains("Payload-Oxum: 6.3\n")
            )
            let output = try await Validators.run(
                "packages",
                "import bagit, sys; print(bagit.Bag(sys.argv[1]).validate())",
                bag.string
            )
            #expect(output.standardOutput == "True\n", "\(output.standardError)")
        }
    }

    @Test("is not read again where the digests are known, and is where the sizes differ")
    func known() async throws {
        try await withBag { bag in
            let wrong = FileDigest(bytes: 3, sha256: String(repeating: "0", count: 64))
            let other = FileDigest(bytes: 4, sha256: String(repeating: "1", count: 64))
            try await Bag(at: bag).write(
                information: [],
                date: SampleDataset.created,
                known: ["data/x/1": wrong, "data/very \n odd": other]
            )
            #expect(try await Bag.check(at: bag) == ["data/x/1: its digest is not the one of its manifest"])
            #expect(try await Bag.check(at: bag, isQuick: true) == [])
        }
    }

    @Test("that something was done to is not valid")
    func changed() async throws {
        let changes: [(String, (HostPath) throws -> Void)] = [
            ("data/x/1: its digest", { try FileSystem.write("two", to: $0 / "data/x/1") }),
            ("data/x/1: is missing", { try FileSystem.remove($0 / "data/x/1") }),
            ("data/y: is not named", { try FileSystem.write("", to: $0 / "data/y") }),
            ("z: is not named in tagmanifest", { try FileSystem.write("", to: $0 / "z") }),
            ("README.md: its digest", { try FileSystem.write("read us", to: $0 / "README.md") }),
            ("README.md: is missing", { try FileSystem.remove($0 / "README.md") }),
            ("bagit.txt: is missing", { try FileSystem.remove($0 / "bagit.txt") }),
            (
                "bagit.txt: does not declare",
                { try FileSystem.write("BagIt-Version: 0.97\n", to: $0 / "bagit.txt") }
            ),
            ("manifest-sha256.txt: is missing", { try FileSystem.remove($0 / "manifest-sha256.txt") }),
            ("tagmanifest-sha256.txt: is missing", { try FileSystem.remove($0 / "tagmanifest-sha256.txt") }),
            ("fetch.txt: there are files to be fetched", { try FileSystem.write("", to: $0 / "fetch.txt") }),
            (
                "data/link: is no regular file",
                {
                    try FileManager.default.createSymbolicLink(
                        atPath: ($0 / "data/link").string,
                        withDestinationPath: "x/1"
                    )
                }
            ),
            ("bag-info.txt: Payload-Oxum is 5.3", { try Self.edit($0 / "bag-info.txt", "6.3", "5.3") }),
            (
                "names no file within the bag: '../b'",
                { try Self.edit($0 / "manifest-sha256.txt", "data/x/1", "../b") }
            ),
            (
                "names no file within the bag: '/etc/passwd'",
                { try Self.edit($0 / "manifest-sha256.txt", "data/x/1", "/etc/passwd") }
            ),
            (
                "names 'README.md', which is not in data/",
                { try Self.edit($0 / "manifest-sha256.txt", "data/x/1", "README.md") }
            ),
            (
                "names 'data/empty' once more",
                { try Self.edit($0 / "manifest-sha256.txt", "data/x/1", "data/empty") }
            ),
            (
                "does not begin with a SHA-256 digest",
                { try Self.edit($0 / "manifest-sha256.txt", "  data/x/1", "0 data/x/1") }
            ),
        ]
        for (words, change) in changes {
            try await withBag { bag in
                try change(bag)
                let problems = try await Bag.check(at: bag)
                #expect(problems.contains { $0.contains(words) }, "\(words): \(problems)")
            }
        }
    }

    private static func edit(_ path: HostPath, _ text: String, _ other: String) throws {
        let old = try FileSystem.readText(path)
        #expect(old.contains(text))
        try FileSystem.write(old.replacing(text, with: other), to: path)
    }

    @Test("whose files have any bytes in them does no harm, and is found out")
    func mutations() async throws {
        try await withBag { bag in
            var random = SeededGenerator(seed: 8)
            for name in [
                "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt", "bagit.txt", "data/x/1",
            ] {
                let old = try FileSystem.read(bag / name)
                for _ in 0..<40 {
                    var bytes = old
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[place] ^= UInt8.random(in: 1...255, using: &random)
                    if Bool.random(using: &random) { bytes = bytes.prefix(place) }
                    try FileSystem.write(bytes, to: bag / name)
                    let problems = try await Bag.check(at: bag)
                    // The manifest of tag files is not among its own, and digits may be capital letters in it.
                    let isSame =
                        String(decoding: bytes, as: UTF8.self).lowercased()
                        == String(decoding: old, as: UTF8.self)
                    #expect(!problems.isEmpty || isSame && name.hasPrefix("tag"), "\(name)")
                }
                try FileSystem.write(old, to: bag / name)
            }
            #expect(try await Bag.check(at: bag) == [])
        }
    }

    @Test("hides no file behind another spelling of a name")
    func spelling() async throws {
        try await withBag { bag in
            try FileSystem.write("x", to: bag / "data/e\u{301}")
            try FileSystem.write("y", to: bag / "data/\u{E9}")
            #expect(try await Bag.check(at: bag).count >= 2)
        }
    }

    @Test("has a manifest whose names come back, whatever they are, unless they lead out of it")
    func names() throws {
        var random = SeededGenerator(seed: 9)
        let digest = String(repeating: "ab", count: 32)
        for _ in 0..<2000 {
            let name = "data/" + random.nastyText()
            var problems: [String] = []
            let read = BagManifest(BagManifest([name: digest]).text, problems: &problems)
            if BagManifest.isSafe(name) {
                #expect(read.digests == [name: digest], "\(name.debugDescription)")
                #expect(problems.isEmpty)
            } else {
                #expect(!problems.isEmpty)
            }
        }
        for name in ["", "/a", "a//b", "./a", "a/..", "~a", "a\\b", "a/\0", "\u{E9}", "e\u{301}"] {
            #expect(!BagManifest.isSafe(name))
        }
    }
}
