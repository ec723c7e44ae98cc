public import HostSupport
public import RunRecords
public import Traces

/// Finds the machine that a recording can be replayed with.
public struct TraceMachine: Sendable {
    private let architecture: GuestArchitecture?
    private let memory: ByteSize?

    /// Describes what the user said of the machine.
    ///
    /// - Parameters:
    ///   - architecture: Its architecture, where a recording without a run does not tell it.
    ///   - memory: Its memory, where a recording without a run is not to have that of its snapshot.
    public init(architecture: GuestArchitecture? = nil, memory: ByteSize? = nil) {
        self.architecture = architecture
        self.memory = memory
    }

    /// Describes a recording with its machine: the run's, or what the snapshot tells.
    ///
    /// - Parameters:
    ///   - files: The recording's files.
    ///   - run: The run that it belongs to.
    /// - Returns: The recording with its machine.
    /// - Throws: ``HostSupport/Failure`` with `usage` where the snapshot does not tell the architecture, `bad-data`
    ///   where it cannot be read.
    public func recording(_ files: RecordingFiles, of run: TraceSource.Run?) throws -> BareRecording {
        if let run { return BareRecording(prefix: HostPath(files.prefix), machine: run.record.machine) }
        let found: (processor: SnapshotProcessor?, memory: UInt64)
        do throws(TraceFormatError) {
            let processor = try SnapshotProcessor.find(in: files.snapshotPath)
            found = (processor, try SnapshotHead(path: files.snapshotPath).machineRAMBytes)
        } catch {
            throw Failure(.badData, "\(error)")
        }
        let known: GuestArchitecture? = found.processor.map { $0 == .i386 ? .i386 : .x8664 }
        guard let architecture = architecture ?? known else {
            throw Failure(
                .usage,
                "the snapshot of \(files.prefix) does not tell the machine's architecture",
                hint: "name it with --arch"
            )
        }
        return try BareRecording(
            files.prefix,
            architecture: architecture,
            memory: memory ?? ByteSize(bytes: found.memory)
        )
    }
}
