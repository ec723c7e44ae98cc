import Foundation
import Glibc
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A trace is converted", .serialized)
struct TraceConvertTests {
    /// A trace that all tests of this suite start from.
    private static let trace = Task {
        let folder = try Installation.locate().root / ".build/lab/convert-traces"
        try FileSystem.remove(folder)
        let pandacap = try await Lab.shared.ready()
        let image = try await ResumedGuest.shared.name()
        let output = try await pandacap("record", image, "-o", folder.string, "--run-id", "one", "--", "id")
        guard output.status == .exited(0) else { throw Failure(.internal, output.standardError) }
        return try onlyRun(in: folder)
    }

    private static let names = ["session_000-rr-nondet.log", "session_000-rr-snp"]

    private func withTrace(_ body: (Pandacap, RunFolder, RunRecord, HostPath) async throws -> Void)
        async throws
    {
        let (record, run) = try await Self.trace.value
        let pandacap = try await Lab.shared.ready()
        try await withScratch { folder in
            // What is unpacked for a while must not be there afterwards.
            var own = pandacap
            own.environment["PANDACAP_CACHE"] = (folder / "cache").string
            try FileSystem.createDirectory(folder / "cache")
            try await body(own, run, record, folder)
            #expect(FileSystem.list(folder / "cache").isEmpty)
        }
    }

    private func digests(in folder: HostPath) async throws -> [String] {
        var digests: [String] = []
        for name in Self.names { digests.append(try await Digest.sha256(folder / name)) }
        return digests
    }

    private struct Result: Decodable {
        struct File: Decodable { let sha256: String }
        let snapshot: File
        let log: File
        let warnings: [String]
        let replay: String?
        let os: String?
        let command: String?
    }

    private func convert(_ pandacap: Pandacap, _ arguments: String..., in folder: HostPath) async throws
        -> Result
    {
        let output = try await pandacap(["trace", "convert", "--json"] + arguments, in: folder)
        #expect(output.status == .exited(0), "\(output.standardError)")
        return try JSONText.decode(Result.self, from: Data(output.standardOutput.utf8), source: "report")
    }

    @Test("from a run to rr2, on to each other form, and back to files that the engine replays")
    func allForms() async throws {
        try await withTrace { pandacap, run, record, folder in
            let original = try await digests(in: run.recordings)
            let packed = try await convert(pandacap, run.path.string, "--to", "rr2", in: folder)
            #expect([packed.log.sha256, packed.snapshot.sha256] == original)
            #expect(packed.command?.contains("i386") == true && packed.warnings.isEmpty)
            try await Tool("python3").run(["-c", Self.checkRR2, (folder / "session_000.rr2").string])
            for (form, file) in [("rr", "session_000.rr"), ("rrarchive", "session_000.tar.gz")] {
                let next = try await convert(pandacap, "session_000.rr2", "--to", form, in: folder)
                #expect([next.log.sha256, next.snapshot.sha256] == original && next.warnings.isEmpty)
                let files = try await convert(pandacap, file, "--to", "files", "--out", form, in: folder)
                #expect([files.log.sha256, files.snapshot.sha256] == original)
                #expect(try await digests(in: folder / form) == original)
                #expect(FileSystem.list(folder / form) == Self.names)
            }
            try await Tool("python3").run(["-c", Self.checkRR, (folder / "session_000.rr").string])
            let recipe =
                "tar -zxf session_000.tar.gz --exclude=PANDArr --xform='s%/%-%' --xform='s%-metadata%%'"
            try FileSystem.createDirectory(folder / "recipe")
            try await Tool("sh").run(
                ["-c", "cd recipe && \(recipe.replacing("session_000.tar", with: "../session_000.tar"))"],
                workingDirectory: folder
            )
            #expect(try await digests(in: folder / "recipe") == original)
            let files = try await convert(
                pandacap,
                "session_000.rr2",
                "--to",
                "files",
                "--out",
                "new",
                in: folder
            )
            #expect(try await digests(in: folder / "new") == original)
            #expect(files.os == record.osProfile?.os)
            let replay = try #require(files.replay)
            #expect(replay.hasPrefix("pandacap -m 64 -t i386 repl --rr "))
            let words = replay.split(separator: " ").dropFirst().map(String.init)
            let replayed = try await pandacap(words + ["-o", "replayed"], in: folder)
            #expect(replayed.status == .exited(0), "\(replayed.standardError)")
            #expect(replayed.standardOutput.contains("replayed to its end"))
            #expect(try await digests(in: run.recordings) == original)
        }
    }

    /// Debian's Python looks at what was written.
    private static let checkRR2 = """
        import hashlib, json, sys, tarfile
        assert open(sys.argv[1], "rb").read(2) == b"\\x1f\\x8b"
        tar = tarfile.open(sys.argv[1], "r:gz")
        members = tar.getmembers()
        assert [m.name for m in members] == \\
            ["RRv2", "capture.cmd", "snapshot", "metadata.json", "nondetlog", "sha1"], members
        assert all(m.isreg() and m.mode == 0o644 and m.mtime == 0 and m.uid == 0 for m in members), members
        data = {m.name: tar.extractfile(m).read() for m in members}
        hashed = ["RRv2", "capture.cmd", "snapshot", "nondetlog"]
        lines = "".join(f"{n}: {hashlib.sha1(data[n]).hexdigest()}\\n" for n in hashed)
        assert data["sha1"].decode() == lines, data["sha1"]
        metadata = json.loads(data["metadata.json"])
        assert metadata["memory_size"] == 64 and isinstance(metadata["profile"], str), metadata
        """

    private static let checkRR = """
        import hashlib, io, struct, sys, tarfile
        data = open(sys.argv[1], "rb").read()
        magic, count, digest = struct.unpack("<8sQ16s", data[:32])
        assert magic == b"PANDA_RR" and digest == hashlib.md5(data[32:]).digest()
        tar = tarfile.open(fileobj=io.BytesIO(data[32:]), mode="r:xz")
        assert tar.getnames() == ["session_000-rr-snp", "session_000-rr-nondet.log"], tar.getnames()
        log = tar.extractfile("session_000-rr-nondet.log").read()
        assert count == struct.unpack("<Q", log[:8])[0], count
        """

    @Test("never over its source or another file, and a dry run writes nothing")
    func nothingIsLost() async throws {
        try await withTrace { pandacap, run, _, folder in
            let original = try await digests(in: run.recordings)
            _ = try await convert(pandacap, run.path.string, "--to", "rr2", in: folder)
            let archive = folder / "session_000.rr2"
            let before = try await Digest.sha256(archive)
            for arguments in [
                [run.path.string, "--to", "rr2"], [archive.string, "--to", "rr2", "--force"],
                [
                    (run.recordings / "session_000").string, "--to", "files", "--out", run.recordings.string,
                    "--force",
                ],
            ] {
                let output = try await pandacap(["trace", "convert"] + arguments, in: folder)
                #expect(
                    output.status == .exited(73) || output.status == .exited(64),
                    "\(output.standardError)"
                )
            }
            for to in ["files", "rr", "rrarchive"] {
                let output = try await pandacap(
                    "trace",
                    "convert",
                    archive.string,
                    "--to",
                    to,
                    "--dry-run",
                    "--out",
                    "else",
                    in: folder
                )
                #expect(output.status == .exited(0) && output.standardOutput.contains(original[0]))
            }
            #expect(FileSystem.list(folder) == ["cache", "session_000.rr2"])
            #expect(try await Digest.sha256(archive) == before)
            #expect(try await digests(in: run.recordings) == original)
        }
    }

    @Test("but not out of an archive that reaches outside: exit code 65, and nothing is left")
    func hostile() async throws {
        try await withTrace { pandacap, _, _, folder in
            let evil = """
                import io, tarfile
                tar = tarfile.open("evil.rr2", "w:gz", format=tarfile.PAX_FORMAT)
                for name in ["RRv2", "capture.cmd", "../evil"]:
                    info = tarfile.TarInfo(name)
                    info.size = 4
                    tar.addfile(info, io.BytesIO(b"evil"))
                tar.close()
                """
            try await Tool("python3").run(["-c", evil], workingDirectory: folder)
            for to in ["files", "rr"] {
                let output = try await pandacap(
                    "trace",
                    "convert",
                    "evil.rr2",
                    "--to",
                    to,
                    "--out",
                    "o",
                    in: folder
                )
                #expect(output.status == .exited(65))
                #expect(output.standardError.contains("member '../evil'"), "\(output.standardError)")
                #expect(output.standardError.contains("the name leads upwards"))
            }
            #expect(FileSystem.list(folder) == ["cache", "evil.rr2"])
            #expect(!FileSystem.exists(folder.parent / "evil"))
        }
    }

    @Test("and Ctrl-C, or a full disk, leaves nothing of it")
    func interrupted() async throws {
        try await withTrace { pandacap, run, _, folder in
            let place = folder / "out"
            try FileSystem.createDirectory(place)
            let (_, status) = try await pandacap.beside(
                ["trace", "convert", run.path.string, "--to", "rr", "--out", place.string],
                in: folder
            ) { child in
                // It has begun to write, and compressing takes seconds.
                _ = try await poll(for: .seconds(60)) { FileSystem.list(place).isEmpty ? nil : true }
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(130), "\(words(of: folder))")
            #expect(FileSystem.list(place).isEmpty)
            try await withSmallDisk(megabytes: 2) { disk in
                let output = try await pandacap(
                    "trace",
                    "convert",
                    run.path.string,
                    "--to",
                    "rr2",
                    "--out",
                    disk.string
                )
                #expect(output.status == .exited(74), "\(output.standardError)")
                #expect(output.standardError.contains("No space left on device"))
                #expect(FileSystem.list(disk).isEmpty)
            }
        }
    }
}
