import Foundation
import HostSupport
import Traces

/// Writes a recording's two files into an archive of each form.
struct Packing {
    private let files: RecordingFiles
    private let description: TraceDescription
    private let sound: TraceSoundness
    private let progress: (UInt64) -> Void
    private var done: UInt64 = 0

    /// What was packed of the snapshot.
    private(set) var snapshot: ArchiveContents.File?
    /// What was packed of the log.
    private(set) var log: ArchiveContents.File?

    init(
        files: RecordingFiles,
        description: TraceDescription,
        sound: TraceSoundness,
        progress: @escaping (UInt64) -> Void
    ) {
        self.files = files
        self.description = description
        self.sound = sound
        self.progress = progress
    }

    /// Source: `rr2_add_recording_files` in PANDA's `panda/src/rr/rr_log.c`, `rrfile_open_write` and
    /// `rrfile_finalize` in its `panda_rr2.c`.
    mutating func writeRR2(to file: FileConsumer) throws {
        let tar = try TarWriter(GzipConsumer(file))
        let mark = "Created with PANDAcap!\n"
        // PANDA's scissors takes an empty member for none, and then ends in a crash.
        let command = (description.command ?? "") + "\n"
        try tar.add("RRv2", mark)
        try tar.add("capture.cmd", command)
        let snapshot = try add(files.snapshotPath, as: "snapshot", to: tar)
        let profile = try jsonText(description.os ?? "")
        let memory = sound.head.machineRAMBytes >> 20
        try tar.add("metadata.json", "{\"profile\": \(profile), \"memory_size\": \(memory)}")
        let log = try add(files.nondetLogPath, as: "nondetlog", to: tar)
        try tar.add(
            "sha1",
            """
            RRv2: \(sha1(of: mark))
            capture.cmd: \(sha1(of: command))
            snapshot: \(snapshot.sha1Text ?? "")
            nondetlog: \(log.sha1Text ?? "")

            """
        )
        try tar.finish()
        (self.snapshot, self.log) = (snapshot.file, log.file)
    }

    /// Source: PANDA's `panda/scripts/rrpack.py`, but for the count, which is the log's.
    mutating func writeRR(to file: FileConsumer) throws {
        var header = RRHeader(
            instructions: sound.log.headerInstructionCount ?? 0,
            md5: [UInt8](repeating: 0, count: 16)
        )
        try header.bytes.withUnsafeBytes { try file.write($0) }
        let digest = MD5Consumer(file) { md5 in
            header.md5 = md5
            try file.overwrite(header.bytes)
        }
        let tar = try TarWriter(XZConsumer(digest))
        let names = RecordingFiles(prefix: description.name)
        snapshot = try add(files.snapshotPath, as: names.snapshotPath, to: tar).file
        log = try add(files.nondetLogPath, as: names.nondetLogPath, to: tar).file
        try tar.finish()
    }

    /// Source: `RRArchive.md` and `rrtool.py` in PANDA's pull request 625, but for the log's name, which is the
    /// specification's, and the count, which is the log's.
    mutating func writeRRArchive(to file: FileConsumer) throws {
        let tar = try TarWriter(GzipConsumer(file))
        let name = description.name
        try tar.add("\(name)/PANDArr", "PANDArr:version=1:basename=\(name)\n")
        let snapshot = try add(files.snapshotPath, as: "\(name)/rr-snp", to: tar).file
        let log = try add(files.nondetLogPath, as: "\(name)/rr-nondet.log", to: tar).file
        try tar.add(
            "\(name)/metadata.json",
            """
            {
              "checksums": {
                "rr-nondet.log": "sha256:\(log.sha256)",
                "rr-snp": "sha256:\(snapshot.sha256)"
              },
              "cmd": \(try description.command.map(jsonText) ?? "null"),
              "instructions": \(sound.log.headerInstructionCount ?? 0),
              "schema": "rrmeta:1"
            }

            """
        )
        try tar.finish()
        (self.snapshot, self.log) = (snapshot, log)
    }

    private mutating func add(_ path: String, as name: String, to tar: TarWriter) throws -> MemberDigests {
        let file = try FileProducer(HostPath(path), followsLinks: false)
        let digests = MemberDigests(withSHA1: true)
        try tar.begin(name, size: file.byteCount)
        while let block = try file.next() {
            guard file.consumed <= file.byteCount else { break }
            digests.update(block)
            try tar.write(block)
            done += UInt64(block.count)
            progress(done)
        }
        guard file.consumed == file.byteCount else {
            throw Failure(.inputOutput, "\(path) changed while it was packed")
        }
        return digests
    }

    private func jsonText(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }
}
