import Foundation
import HostSupport
import TestSupport
import Testing
import Traces

@testable import TraceArchives

@Suite("Hostile archives are refused, and nothing is written") struct HostileArchiveTests {
    @Test("and the error says why", arguments: HostileCases.all)
    func refused(hostile: HostileCase) async throws {
        let samples = try SampleArchives()
        let bytes = try hostile.bytes(samples)
        let error = try #require(throws: TraceArchiveError.self) {
            try TraceArchive.examine(bytes: bytes, limits: hostile.limits)
        }
        #expect(error.code == hostile.code, "\(error)")
        #expect("\(error)" == Console.printable("\(error)"))
        try await withScratch { folder in
            let path = try samples.write(bytes, to: folder / "hostile.rr2")
            let inside = folder / "in/side"
            try FileSystem.createDirectory(inside)
            #expect(throws: error) {
                try TraceArchive(path, limits: hostile.limits)?.unpack(into: inside, limits: hostile.limits)
            }
            #expect(FileSystem.list(inside).isEmpty)
            #expect(
                FileSystem.list(folder / "in") == ["side"]
                    && FileSystem.list(folder) == ["hostile.rr2", "in"]
            )
        }
    }

    @Test("where the recording's name is no file name", arguments: [".ssh", ".bashrc"])
    func recordingNames(name: String) async throws {
        let samples = try SampleArchives()
        try await withScratch { folder in
            for bytes in [samples.rrarchive(name), try rrFile(xzed(samples.rr(name)), instructions: 4711)] {
                let path = try samples.write(bytes, to: folder / "x")
                let archive = try #require(try TraceArchive(path))
                let error = try #require(throws: TraceArchiveError.self) { try archive.unpack(into: folder) }
                #expect(error.code == .unsafeName)
                #expect(FileSystem.list(folder) == ["x"])
                #expect(try archive.unpack(into: folder, as: "good").files.name == "good")
                for name in FileSystem.list(folder) where name != "x" { try FileSystem.remove(folder / name) }
            }
        }
    }

    @Test("where the disk has no room for what they claim")
    func room() async throws {
        let samples = try SampleArchives()
        try await withScratch { folder in
            let size = try FileSystem.freeSpace(at: folder).bytes + (1 << 40)
            let hostile = HostileCase.replacing("snapshot", "", .tooLarge) { tar, contents in
                tar.add(Array("snapshot".utf8), contents, size: size)
            }
            let path = try samples.write(hostile.bytes(samples), to: folder / "x")
            let limits = ArchiveLimits(unpackedBytes: .max)
            let archive = try #require(try TraceArchive(path, limits: limits))
            let failure = try #require(throws: Failure.self) {
                try archive.unpack(into: folder, limits: limits)
            }
            #expect(failure.code == .cannotCreate && failure.message.contains("has room for"))
            #expect(FileSystem.list(folder) == ["x"])
        }
    }

    @Test("where the log or the snapshot is garbage, though its digest is right")
    func garbage() async throws {
        let samples = try SampleArchives()
        try await withScratch { folder in
            for part in ["rr-snp", "rr-nondet.log"] {
                var tar = RawTar()
                tar.add("t/PANDArr", "PANDArr:version=1:basename=t\n")
                for (name, contents) in [
                    ("rr-snp", samples.recording.snapshot), ("rr-nondet.log", samples.recording.log),
                ] { tar.add("t/\(name)", name == part ? [UInt8](repeating: 0xee, count: 999) : contents) }
                let path = try samples.write(tar.ended, to: folder / "x")
                let archive = try #require(try TraceArchive(path))
                let error = try #require(throws: TraceArchiveError.self) { try archive.unpack(into: folder) }
                #expect(error.code == .unsoundTrace)
                #expect(FileSystem.list(folder) == ["x"])
            }
        }
    }

    @Test("and permissions in them are not used")
    func permissions() async throws {
        let samples = try SampleArchives()
        try await withScratch { folder in
            var bytes = samples.rrarchive("t")
            // Set-user-ID and all of the rest, in the header of the snapshot.
            bytes.replaceSubrange(1024 + 100..<1024 + 107, with: Array("0006777".utf8))
            let sum = bytes[1024..<1536].enumerated().reduce(0) {
                $0 + ((148..<156) ~= $1.offset ? 32 : Int($1.element))
            }
            let text = String(sum, radix: 8)
            bytes.replaceSubrange(
                1024 + 148..<1024 + 154,
                with: Array((String(repeating: "0", count: 6 - text.utf8.count) + text).utf8)
            )
            let path = try samples.write(bytes, to: folder / "x")
            let unpacked = try #require(try TraceArchive(path)?.unpack(into: folder))
            let mode = try #require(FileKind(HostPath(unpacked.files.snapshotPath))).mode
            #expect(mode & 0o7133 == 0)
        }
    }
}
