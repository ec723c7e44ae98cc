import HostSupport
import Traces

/// Holds a recording against what its run's record says of it.
enum RecordedFileCheck {
    /// Looks at the sizes and digests of both files.
    static func digests(_ files: RecordingFiles, _ recording: Recording) async throws -> TraceCheck {
        async let snapshot = findings(.snapshot, HostPath(files.snapshotPath), recording.snapshot)
        async let log = findings(.log, HostPath(files.nondetLogPath), recording.log)
        var check = TraceCheck()
        check.add("record: digests", "SHA-256 of both files", try await snapshot + log)
        return check
    }

    private static func findings(
        _ file: TraceFinding.File,
        _ path: HostPath,
        _ recorded: Recording.File?
    ) async throws -> [TraceFinding] {
        // A planted link or pipe is told of by whoever reads the file.
        guard FileSystem.isRegularFile(path), let bytes = FileSystem.size(path) else { return [] }
        guard let recorded else {
            return [
                TraceFinding(.notRecorded, .error, in: .record, "the record knows nothing of \(path.name)")
            ]
        }
        guard recorded.bytes == bytes else {
            return [
                TraceFinding(
                    .otherSize,
                    .error,
                    in: file,
                    at: Int(min(recorded.bytes, bytes)),
                    "expected the \(recorded.bytes) bytes of the record: found \(bytes)"
                )
            ]
        }
        let digest = try await Digest.sha256(path)
        guard recorded.sha256 != digest else { return [] }
        return [
            TraceFinding(
                .otherDigest,
                .error,
                in: file,
                "expected the SHA-256 digest of the record, \(recorded.sha256): found \(digest)"
            )
        ]
    }

    /// Looks at the counts of the log.
    static func counts(_ summary: NondetLogSummary, _ recording: Recording) -> TraceCheck {
        var check = TraceCheck()
        var findings: [TraceFinding] = []
        for (what, recorded, found) in [
            ("instructions", recording.instructions, summary.finalInstructionCount),
            ("entries", recording.entries, UInt64(summary.total.entries)),
        ] where recorded.map({ $0 != found }) ?? false {
            findings.append(
                TraceFinding(
                    .otherCounts,
                    .error,
                    in: .record,
                    "expected the \(recorded ?? 0) \(what) of the record: found \(found)"
                )
            )
        }
        check.add("record: counts", "instructions and entries of the log", findings)
        return check
    }

    /// Looks at the machine.
    static func machine(
        _ head: SnapshotHead,
        _ processor: SnapshotProcessor?,
        _ machine: Machine
    ) -> TraceCheck {
        var check = TraceCheck()
        var findings = [memoryFinding(head, machine)].compactMap { $0 }
        if let processor, processor.rawValue != machine.architecture.rawValue {
            findings.append(
                TraceFinding(
                    .otherMachine,
                    .error,
                    in: .snapshot,
                    "expected the state of the record's processor, \(machine.architecture.rawValue): found that of "
                        + processor.rawValue
                )
            )
        }
        check.add("record: machine", "\(machine.architecture.rawValue), \(machine.memory)", findings)
        return check
    }

    /// What is wrong with the machine's memory: an engine takes whole mebibytes only, and says nothing sensible of
    /// a snapshot that has more or less.
    static func memoryFinding(_ head: SnapshotHead, _ machine: Machine) -> TraceFinding? {
        guard head.machineRAMBytes != machine.memory.mebibytes << 20 else { return nil }
        let recorded = ByteSize(bytes: head.machineRAMBytes)
        return TraceFinding(
            .otherMachine,
            .error,
            in: .snapshot,
            "it was recorded with \(recorded) of memory and cannot be replayed with \(machine.memory)"
        )
    }
}
