import HostSupport

/// Which traces go into which volume.
public enum VolumePlan {
    /// How large a volume may get.
    public struct Limits: Sendable, Hashable {
        /// The most bytes; any number where there is none.
        public var bytes: UInt64?
        /// The most files; any number where there is none.
        public var files: Int?

        /// Describes limits.
        public init(bytes: UInt64? = nil, files: Int? = nil) {
            self.bytes = bytes
            self.files = files
        }

        /// Whether there is a limit.
        public var isSet: Bool { bytes != nil || files != nil }
    }

    /// What the standards' files come to: 14 files that grow with the number of the others.
    static let standardFiles = 14
    static func standardBytes(of files: Int) -> UInt64 { 1 << 20 + UInt64(files) * 16 << 10 }

    /// Splits a dataset into volumes, each of which can be used without the others.
    ///
    /// A volume has all that its traces need: the snapshots that theirs are packed against and the disks beneath theirs,
    /// too. Traces stay in the volume that they were in before; new ones go into the last.
    ///
    /// - Parameters:
    ///   - index: The whole dataset.
    ///   - limits: How large a volume may get.
    ///   - earlier: The names of the traces that each volume had.
    /// - Returns: The volumes' indexes; one without a number where nothing limits it.
    /// - Throws: ``HostSupport/Failure`` with `usage` where a trace alone is too large.
    public static func split(
        _ index: DatasetIndex,
        limits: Limits,
        earlier: [[String]] = []
    ) throws -> [DatasetIndex] {
        guard limits.isSet || earlier.count > 1 else { return [index] }
        var volumes: [Contents] = []
        var place: [String: Int] = [:]
        for (number, names) in earlier.enumerated() { for name in names { place[name] = number } }
        let parts = Parts(index)
        let known = index.traces.filter { place[$0.name] != nil }
        for number in earlier.indices {
            var contents = Contents()
            for trace in known where place[trace.name] == number { contents.add(trace, parts) }
            if !contents.traces.isEmpty { volumes.append(contents) }
        }
        for trace in index.traces where place[trace.name] == nil {
            if var last = volumes.last {
                last.add(trace, parts)
                if last.fits(limits) {
                    volumes[volumes.count - 1] = last
                    continue
                }
            }
            var alone = Contents()
            alone.add(trace, parts)
            guard alone.fits(limits) else {
                throw Failure(
                    .usage,
                    "the trace \(trace.name) takes \(alone.files.count + standardFiles) files and "
                        + "\(ByteSize(bytes: alone.bytes)) with all that it needs, more than a volume may have",
                    hint: "allow larger volumes with --split-size and --split-files"
                )
            }
            volumes.append(alone)
        }
        return volumes.enumerated().map { number, contents in
            var part = index
            part.volume = .init(number: number + 1, count: volumes.count)
            part.traces = contents.traces
            part.disks = index.disks.filter { contents.files[$0.path] != nil }
            let own = Set(contents.traces.flatMap(\.files).map(\.path))
            let foreign = contents.references.filter { !own.contains($0.path) }
            part.references = foreign.isEmpty ? nil : foreign.sorted { $0.path < $1.path }
            return part
        }
    }

    /// What a trace may need beside its own files.
    private struct Parts {
        let recordings: [String: DatasetFile]
        let disks: [String: DatasetFile]

        init(_ index: DatasetIndex) {
            recordings = index.recordingFiles
            disks = Dictionary(index.disks.map { ($0.path, $0) }) { first, _ in first }
        }
    }

    private struct Contents {
        var traces: [DatasetTrace] = []
        var files: [String: UInt64] = [:]
        var references: Set<DatasetFile> = []
        var bytes: UInt64 { files.values.reduce(0, +) }

        mutating func add(_ trace: DatasetTrace, _ parts: Parts) {
            traces.append(trace)
            for file in trace.files { files[file.path] = file.bytes }
            for file in [trace.snapshot, trace.log].compactMap({ $0 }) {
                guard let reference = file.restored?.reference.flatMap({ parts.recordings[$0] }) else {
                    continue
                }
                files[reference.path] = reference.bytes
                references.insert(reference)
            }
            for disk in (trace.baseDisks ?? []).compactMap({ parts.disks[$0] }) {
                files[disk.path] = disk.bytes
            }
        }

        func fits(_ limits: Limits) -> Bool {
            let count = files.count + standardFiles
            if let most = limits.files, count > most { return false }
            if let most = limits.bytes, bytes + standardBytes(of: count) > most { return false }
            return true
        }
    }
}
