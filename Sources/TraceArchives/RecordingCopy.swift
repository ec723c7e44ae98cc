import HostSupport
public import Traces

extension RecordingFiles {
    /// Copies both files to other names, reads the copies back, and lets them have the names only then.
    ///
    /// - Parameters:
    ///   - copy: The names; their folder exists.
    ///   - replacing: Whether files of these names may be replaced.
    ///   - progress: Told the part that is done, from 0 to 1.
    /// - Returns: The copies, as something unpacked.
    /// - Throws: ``TraceArchiveError`` with `unsoundTrace` where the files are no recording;
    ///   ``HostSupport/Failure`` where a file cannot be read or written, or is there already; `CancellationError` where
    ///   the task was cancelled or the user asked for the end.
    public func copy(
        to copy: RecordingFiles,
        replacing: Bool,
        progress: (Double) -> Void
    ) throws -> UnpackedTrace {
        let pairs = [
            (HostPath(snapshotPath), HostPath(copy.snapshotPath)),
            (HostPath(nondetLogPath), HostPath(copy.nondetLogPath)),
        ]
        for (_, target) in pairs { try FileConsumer.requireFree(target, replacing: replacing) }
        let sound = try TraceSoundness(snapshot: snapshotPath, log: nondetLogPath)
        let total = Double(max(1, sound.head.byteCount + sound.log.byteCount))
        var done: UInt64 = 0
        var drafts: [FileConsumer] = []
        var files: [ArchiveContents.File] = []
        for (source, target) in pairs {
            let draft = try FileConsumer(for: target)
            let digests = MemberDigests(withSHA1: false)
            let input = try FileProducer(source, followsLinks: false)
            while let block = try input.next() {
                digests.update(block)
                try draft.write(block)
                done += UInt64(block.count)
                progress(Double(done) / total)
            }
            try draft.finish()
            let written = MemberDigests(withSHA1: false)
            let output = try FileProducer(draft.draft, followsLinks: false)
            while let block = try output.next() { written.update(block) }
            guard written.file == digests.file else {
                throw Failure(.inputOutput, "what was written for \(target) does not read back as it was")
            }
            drafts.append(draft)
            files.append(digests.file)
        }
        try FileConsumer.publish(drafts, replacing: replacing)
        return UnpackedTrace(
            files: copy,
            contents: ArchiveContents(
                form: .files,
                snapshot: files[0],
                log: files[1],
                warnings: sound.warnings
            ),
            memoryBytes: sound.head.machineRAMBytes,
            isWhole: sound.isWhole
        )
    }
}
