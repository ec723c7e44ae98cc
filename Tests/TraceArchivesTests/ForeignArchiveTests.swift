import HostSupport
import TestSupport
import Testing

@testable import TraceArchives

@Suite("Archives as others make them are read") struct ForeignArchiveTests {
    private let samples: SampleArchives

    init() throws { samples = try SampleArchives() }

    private func examine(_ bytes: [UInt8]) throws -> ArchiveContents {
        try #require(try TraceArchive.examine(bytes: bytes))
    }

    private func expectWhole(_ contents: ArchiveContents) {
        #expect(contents.snapshot == samples.recording.files.snapshot)
        #expect(contents.log == samples.recording.files.log)
    }

    @Test("rr2 as PANDA makes it")
    func panda() throws {
        let contents = try examine(gzipped(samples.rr2()))
        expectWhole(contents)
        #expect(contents.form == .rr2 && contents.warnings.isEmpty && contents.name == nil)
        #expect(contents.command == "panda-system-i386 -m 1 -record" && contents.os == "linux-32-debian:5.10")
        #expect(contents.memoryMebibytes == 1)
    }

    @Test("rr2 as rr2pack.py makes it: a plain tar, in another order, with empty metadata")
    func rr2pack() throws {
        let members = Dictionary(uniqueKeysWithValues: samples.rr2Members.map { ($0.name, $0.contents) })
        var tar = RawTar()
        var hashes = ""
        for name in ["RRv2", "nondetlog", "snapshot", "capture.cmd", "metadata.json"] {
            let contents =
                name == "RRv2"
                ? Array("Packed at Thu Jan  1 00:00:00 1970".utf8)
                : name == "metadata.json" ? Array("{}".utf8) : members[name] ?? []
            tar.add(name, contents)
            hashes += "\(name): \(digests(of: contents).sha1Text ?? "")\n"
        }
        tar.add("sha1", hashes)
        let contents = try examine(tar.ended)
        expectWhole(contents)
        #expect(contents.form == .rr2 && contents.warnings.isEmpty)
        #expect(contents.os == nil && contents.memoryMebibytes == nil)
    }

    @Test("rr2 without metadata, and without digests, with a warning each")
    func incomplete() throws {
        var tar = RawTar()
        for (name, contents) in samples.rr2Members
        where !["metadata.json", "sha1", "capture.cmd"].contains(name) {
            tar.add(name, contents)
        }
        let contents = try examine(gzipped(tar.ended))
        expectWhole(contents)
        #expect(contents.warnings.count == 2 && contents.command == nil)
    }

    @Test("rr2 with metadata that is none, with a warning")
    func badMetadata() throws {
        for text in ["", "[", "[]", "12", String(repeating: "[", count: 60_000)] {
            var tar = RawTar()
            for (name, contents) in samples.rr2Members {
                tar.add(name, name == "metadata.json" ? Array(text.utf8) : contents)
            }
            #expect(try examine(tar.ended).warnings == ["the member 'metadata.json' is no JSON object"])
        }
        var tar = RawTar()
        for (name, contents) in samples.rr2Members {
            tar.add(
                name,
                name == "metadata.json" ? Array(#"{"profile": 1, "memory_size": -1e99}"#.utf8) : contents
            )
        }
        let contents = try examine(tar.ended)
        #expect(contents.os == nil && contents.memoryMebibytes == nil)
    }

    @Test("rr with the count that rrpack.py takes from the wrong place, with a warning")
    func rrpack() throws {
        let right = try examine(rrFile(xzed(samples.rr()), instructions: 4711))
        expectWhole(right)
        #expect(right.form == .rr && right.name == "old" && right.warnings.isEmpty)
        let wrong = try examine(rrFile(xzed(samples.rr("a/b/old")), instructions: samples.wrongCount))
        expectWhole(wrong)
        #expect(wrong.name == "a/b/old" && wrong.warnings.count == 1)
        #expect(wrong.warnings.first?.contains("instead of 4711") == true)
        let error = try #require(throws: TraceArchiveError.self) {
            try examine(rrFile(xzed(samples.rr()), instructions: 1))
        }
        #expect(error.code == .digestMismatch)
    }

    @Test(
        "RRArchives with either name of the log, compressed or not",
        arguments: ["rr-nodet.log", "rr-nondet.log"]
    )
    func rrarchive(log: String) throws {
        for bytes in [try gzipped(samples.rrarchive(log: log)), samples.rrarchive(log: log)] {
            let contents = try examine(bytes)
            expectWhole(contents)
            #expect(
                contents.form == .rrarchive && contents.name == "ssh-1" && contents.command == "qemu -m 1"
            )
            // The script's count, and nothing else.
            #expect(contents.warnings.count == 1)
        }
    }

    @Test("RRArchives with a folder of its own, an unknown member and no metadata, with warnings")
    func bareRRArchive() throws {
        var tar = RawTar()
        tar.add("t/", type: "5")
        tar.add("t/rr-snp", samples.recording.snapshot)
        tar.add("t/PANDArr", "PANDArr")
        tar.add("t/notes.txt", "hello")
        tar.add("t/rr-nondet.log", samples.recording.log)
        let contents = try examine(gzipped(tar.ended))
        expectWhole(contents)
        #expect(contents.warnings.count == 4)
        #expect(contents.warnings.contains("the member 't/notes.txt' is unknown and was left out"))
    }

    @Test("gzip'd data in several pieces is one")
    func pieces() throws {
        let tar = samples.rr2()
        let bytes = try gzipped(Array(tar[..<700])) + gzipped([]) + gzipped(Array(tar[700...]))
        expectWhole(try examine(bytes))
    }

    @Test("other files are none of a recording")
    func others() throws {
        for bytes in [[], [0x51], Array("QEVM".utf8), [UInt8](repeating: 0, count: 1024)] as [[UInt8]] {
            #expect(try TraceArchive.examine(bytes: bytes) == nil)
        }
        var tar = RawTar()
        tar.add("README", "hello")
        for bytes in [tar.ended, try gzipped(tar.ended)] {
            let error = try #require(throws: TraceArchiveError.self) {
                try TraceArchive.examine(bytes: bytes)
            }
            #expect(error.code == .unknownForm)
        }
    }
}
