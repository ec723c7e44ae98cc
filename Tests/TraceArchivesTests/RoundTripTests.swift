import Foundation
import HostSupport
import TestSupport
import Testing
import Traces

@testable import TraceArchives

@Suite("A recording that is packed") struct RoundTripTests {
    static let forms: [TraceForm] = [.rr2, .rr, .rrarchive]

    /// Larger than the blocks in which things are read and compressed.
    private static let large = Result { try SampleRecording(pages: 900) }

    @Test("comes out as it was, and what was packed stays", arguments: forms)
    func roundTrip(form: TraceForm) async throws {
        let sample = try Self.large.get()
        try await withScratch { folder in
            let files = try sample.write("s_000", in: folder)
            let target = folder / "any"
            let description = TraceDescription(
                name: "s_000",
                command: "panda -m 4 -name \"a\\b\"",
                os: "linux-64-a:1"
            )
            nonisolated(unsafe) var parts: [Double] = []
            let packed = try TraceArchive.pack(files, as: form, to: target, description: description) {
                parts.append($0)
            }
            #expect(packed.archive.form == form && packed.isWhole && packed.memoryBytes == 4 << 20)
            #expect(packed.warnings.isEmpty)
            #expect(parts == parts.sorted() && parts.last.map { $0 > 0.99 && $0 <= 1 } == true)
            let out = folder / "out"
            try FileSystem.createDirectory(out)
            let archive = try #require(try TraceArchive(target))
            let unpacked = try archive.unpack(into: out, as: form == .rr2 ? "s_000" : nil)
            #expect(unpacked.files == RecordingFiles(name: "s_000", in: out.string))
            #expect(unpacked.contents.warnings.isEmpty)
            #expect(unpacked.contents.snapshot == sample.files.snapshot)
            #expect(unpacked.contents.log == sample.files.log)
            for (path, bytes) in [
                (unpacked.files.snapshotPath, sample.snapshot), (unpacked.files.nondetLogPath, sample.log),
                (files.snapshotPath, sample.snapshot), (files.nondetLogPath, sample.log),
            ] { #expect(try Array(FileSystem.read(HostPath(path))) == bytes) }
            #expect(unpacked.contents.command == (form == .rr ? nil : description.command))
            #expect(unpacked.contents.os == (form == .rr2 ? description.os : nil))
            #expect(unpacked.contents.memoryMebibytes == (form == .rr2 ? 4 : nil))
            #expect(FileSystem.list(folder) == ["any", "out", "s_000-rr-nondet.log", "s_000-rr-snp"])
        }
    }

    @Test("comes to the same bytes each time", arguments: forms)
    func determinism(form: TraceForm) async throws {
        let sample = try Self.large.get()
        try await withScratch { folder in
            let files = try sample.write("s_000", in: folder)
            let description = TraceDescription(name: "s_000")
            _ = try TraceArchive.pack(files, as: form, to: folder / "a", description: description)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1), .posixPermissions: 0o600],
                ofItemAtPath: files.snapshotPath
            )
            _ = try TraceArchive.pack(files, as: form, to: folder / "b", description: description)
            #expect(try FileSystem.read(folder / "a") == FileSystem.read(folder / "b"))
        }
    }

    @Test("is known again by what is in it", arguments: forms)
    func detection(form: TraceForm) async throws {
        try await withScratch { folder in
            let files = try SampleRecording().write("s", in: folder)
            for name in ["x.rr2", "x.rr", "x.tar.gz", "x-rr-snp"] {
                _ = try TraceArchive.pack(
                    files,
                    as: form,
                    to: folder / name,
                    description: TraceDescription(name: "s"),
                    replacing: true
                )
                #expect(try TraceArchive(folder / name)?.form == form)
            }
            #expect(try TraceArchive(HostPath(files.snapshotPath)) == nil)
            #expect(try TraceArchive(HostPath(files.nondetLogPath)) == nil)
        }
    }

    @Test("replaces nothing unless it is told to, and leaves nothing when it fails", arguments: forms)
    func replacing(form: TraceForm) async throws {
        try await withScratch { folder in
            let files = try SampleRecording().write("s", in: folder)
            try FileSystem.write("mine", to: folder / "x")
            let description = TraceDescription(name: "s")
            let failure = try #require(throws: Failure.self) {
                try TraceArchive.pack(files, as: form, to: folder / "x", description: description)
            }
            #expect(failure.code == .cannotCreate)
            #expect(try FileSystem.readText(folder / "x") == "mine")
            _ = try TraceArchive.pack(
                files,
                as: form,
                to: folder / "x",
                description: description,
                replacing: true
            )
            let archive = try #require(try TraceArchive(folder / "x"))
            #expect(throws: Failure.self) { try archive.unpack(into: folder, as: "s") }
            #expect(try archive.unpack(into: folder, as: "s", replacing: true).isWhole)
            // A folder of that name is nothing to replace.
            try FileSystem.createDirectory(folder / "d")
            #expect(throws: Failure.self) {
                try TraceArchive.pack(
                    files,
                    as: form,
                    to: folder / "d",
                    description: description,
                    replacing: true
                )
            }
            try FileSystem.write("garbage, and no snapshot", to: HostPath(files.snapshotPath))
            let error = try #require(throws: TraceArchiveError.self) {
                try TraceArchive.pack(files, as: form, to: folder / "y", description: description)
            }
            #expect(error.code == .unsoundTrace)
            #expect(FileSystem.list(folder) == ["d", "s-rr-nondet.log", "s-rr-snp", "x"])
        }
    }

    @Test("and was not ended is packed with a warning", arguments: forms)
    func notEnded(form: TraceForm) async throws {
        try await withScratch { folder in
            let files = try SampleRecording(isEnded: false).write("s", in: folder)
            let packed = try TraceArchive.pack(
                files,
                as: form,
                to: folder / "x",
                description: TraceDescription(name: "s")
            )
            #expect(!packed.isWhole && packed.warnings.count == 1)
            #expect(packed.warnings.first?.hasPrefix("the log was not ended: it stops after 2 whole") == true)
            let unpacked = try packed.archive.unpack(into: folder, as: "t")
            #expect(!unpacked.isWhole && unpacked.contents.warnings == packed.warnings)
        }
    }

    @Test("into two files, too, is read back and comes out as it was")
    func copy() async throws {
        try await withScratch { folder in
            let sample = try SampleRecording()
            let files = try sample.write("s", in: folder)
            let copy = RecordingFiles(name: "t", in: folder.string)
            let copied = try files.copy(to: copy, replacing: false) { _ in }
            #expect(
                copied.contents.snapshot == sample.files.snapshot && copied.contents.log == sample.files.log
            )
            #expect(throws: Failure.self) { try files.copy(to: copy, replacing: false) { _ in } }
            #expect(FileSystem.list(folder).count == 4)
        }
    }
}
