import HostSupport

@testable import TraceArchives

/// Archives as others make them; each part can be changed.
struct SampleArchives {
    let recording: SampleRecording

    init() throws { recording = try SampleRecording() }

    /// What is in an rr2 archive, in the order of `rr2_add_recording_files`.
    var rr2Members: [(name: String, contents: [UInt8])] {
        let mark = "Created with QEMU version 2.9.1!\n"
        let command = "panda-system-i386 -m 1 -record\n"
        let hashes = [
            ("RRv2", Array(mark.utf8)), ("capture.cmd", Array(command.utf8)),
            ("snapshot", recording.snapshot),
            ("nondetlog", recording.log),
        ].map { "\($0): \(digests(of: $1).sha1Text ?? "")\n" }.joined()
        return [
            ("RRv2", Array(mark.utf8)), ("capture.cmd", Array(command.utf8)),
            ("snapshot", recording.snapshot),
            ("metadata.json", Array(#"{"profile": "linux-32-debian:5.10", "memory_size": 1}"#.utf8)),
            ("nondetlog", recording.log), ("sha1", Array(hashes.utf8)),
        ]
    }

    /// An rr2 archive's tar, with further members before and behind its own.
    func rr2(before: (inout RawTar) -> Void = { _ in }, behind: (inout RawTar) -> Void = { _ in }) -> [UInt8]
    {
        var tar = RawTar()
        before(&tar)
        for (name, contents) in rr2Members { tar.add(name, contents) }
        behind(&tar)
        return tar.ended
    }

    /// An RRArchive's tar, as `rrtool.py` makes it.
    func rrarchive(_ folder: String = "ssh-1", log: String = "rr-nodet.log") -> [UInt8] {
        var tar = RawTar()
        tar.add("\(folder)/PANDArr", "PANDArr:version=1:basename=\(folder)\n")
        tar.add("\(folder)/rr-snp", recording.snapshot)
        tar.add("\(folder)/\(log)", recording.log)
        let files = recording.files
        tar.add(
            "\(folder)/metadata.json",
            """
            {"checksums": {"\(log)": "sha256:\(files.log.sha256)", "rr-snp": "sha256:\(files.snapshot.sha256)"},
             "cmd": "qemu -m 1", "instructions": \(wrongCount), "schema": "rrmeta:1"}
            """
        )
        return tar.ended
    }

    /// The tar in an `.rr` file, as `rrpack.py` makes it.
    func rr(_ prefix: String = "old") -> [UInt8] {
        var tar = RawTar()
        tar.add("\(prefix)-rr-snp", recording.snapshot)
        tar.add("\(prefix)-rr-nondet.log", recording.log)
        return tar.ended
    }

    /// What PANDA's scripts take for the number of instructions.
    var wrongCount: UInt64 { digests(of: recording.log).counts?.wrong ?? 0 }

    /// A file for a test.
    func write(_ bytes: [UInt8], to path: HostPath) throws -> HostPath {
        let file = try FileConsumer(for: path)
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.finish()
        try file.publish(replacing: true)
        return path
    }
}
