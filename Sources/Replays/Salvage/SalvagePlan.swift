public import HostSupport
public import Traces

/// What salvaging a recording will make, found without writing anything.
public struct SalvagePlan: Sendable {
    /// The recording that is not whole.
    public let item: TraceSource.Item
    /// Where its log will be cut.
    public let salvage: Salvage
    /// The two files that will be made.
    public let files: RecordingFiles

    /// The most data that an entry of its log may carry.
    let limits: NondetLogLimits

    /// Looks at a recording.
    ///
    /// - Parameters:
    ///   - item: The recording.
    ///   - folder: The folder of the new files; the original's where there is none.
    ///   - name: The new recording's name; the original's with `-salvaged` where there is none.
    ///   - damaged: Whether a damaged log is cut at the damage.
    /// - Returns: Nothing where the recording is whole.
    /// - Throws: ``HostSupport/Failure`` with `bad-data` where it cannot be salvaged, `usage` where the name is none.
    public static func make(
        _ item: TraceSource.Item,
        in folder: HostPath?,
        name: String?,
        damaged: Bool
    ) throws -> SalvagePlan? {
        let original = HostPath(item.files.prefix)
        let name = name ?? item.name + "-salvaged"
        guard !name.isEmpty, !name.contains("/"), !name.contains("\0"), !name.hasPrefix(".") else {
            throw Failure(.usage, "'\(name)' cannot be the name of a recording", hint: "name it like a file")
        }
        let prefix = (folder ?? original.parent) / name
        guard FileSystem.settled(prefix) != FileSystem.settled(original) else {
            throw Failure(.usage, "the salvaged recording cannot take the name of the original, \(prefix)")
        }
        do throws(TraceFormatError) {
            let limits = try limits(of: item.files)
            let log = try NondetLog(path: item.files.nondetLogPath)
            let state = log.survey(limits: limits).state
            if state == .complete { return nil }
            return SalvagePlan(
                item: item,
                salvage: try log.salvage(damaged: damaged, limits: limits),
                files: RecordingFiles(prefix: prefix.string),
                limits: limits
            )
        } catch {
            throw failure(error, of: item, damaged)
        }
    }

    /// The same with a log that is cut earlier.
    ///
    /// - Parameter stepsBack: How many instructions that made entries are given up.
    /// - Returns: Nothing where the log has no more of them.
    func steppingBack(_ stepsBack: Int) -> SalvagePlan? {
        guard let log = try? NondetLog(path: item.files.nondetLogPath),
            let salvage = try? log.salvage(
                damaged: salvage.damage != nil,
                stepsBack: stepsBack,
                limits: limits
            )
        else { return nil }
        return SalvagePlan(item: item, salvage: salvage, files: files, limits: limits)
    }

    /// Looks at the snapshot, which every replay starts from.
    private static func limits(of files: RecordingFiles) throws(TraceFormatError) -> NondetLogLimits {
        let head = try SnapshotHead(path: files.snapshotPath)
        guard !head.isCut else {
            throw TraceFormatError(.streamCut, at: head.byteCount, "the end of the snapshot is missing")
        }
        return NondetLogLimits(memoryBytes: head.totalRAMBytes)
    }

    private static func failure(
        _ error: TraceFormatError,
        of item: TraceSource.Item,
        _ damaged: Bool
    ) -> Failure {
        let name = HostPath(item.files.prefix)
        if error.code == .streamCut {
            return Failure(
                .badData,
                "the recording \(name) cannot be salvaged: \(error)",
                hint: "a replay starts from the whole snapshot, and nothing else has what is missing"
            )
        }
        let isOfLog = error.entry != nil || error.code == .headerMismatch
        return Failure(
            .badData,
            isOfLog && !damaged
                ? "the log of \(name) is damaged, which no interruption explains: \(error)"
                : "the recording \(name) cannot be salvaged: \(error)",
            hint: isOfLog && !damaged ? "--damaged keeps what lies before the damage" : nil
        )
    }
}
