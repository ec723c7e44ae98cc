public import Foundation

/// What a dataset, or one of its volumes, holds: `data/metadata/dataset.json`, from which everything else is made.
public struct DatasetIndex: Sendable, Codable {
    /// The form that the recordings are in.
    public enum Format: String, Sendable, Codable, CaseIterable {
        /// Differences from reference snapshots, and whole ones: frames of zstd.
        case store
        /// What newer PANDAs replay as it is: one `.rr2` file a recording.
        case rr2
        /// The form of the dataset of 2020: one `.tar.gz` a recording.
        case classic
    }

    /// One of the parts that a dataset is split into; each can be used without the others.
    public struct Volume: Sendable, Codable, Hashable {
        /// Its number, from 1.
        public var number: Int
        /// How many there are.
        public var count: Int

        /// Describes a volume.
        public init(number: Int, count: Int) {
            self.number = number
            self.count = count
        }
    }

    /// The version of this file's layout: 1.
    public var schema: Int
    /// The dataset's name: letters, digits, `.`, `_` and `-`.
    public var name: String
    /// The version of PANDAcap that packed it.
    public var version: String
    /// When it was packed.
    public var created: Date
    /// The form that the recordings are in.
    public var format: Format
    /// Which part it is; nothing where it is whole.
    public var volume: Volume?
    /// Whether the peers' addresses were replaced by others.
    public var isAnonymised: Bool
    /// The traces, in the order of their names.
    public var traces: [DatasetTrace]
    /// The base disks that the runs' own disks lie over; what comes out of each is called as it was in the collection,
    /// such as `disks/debian-12-0123456789ab/base.qcow2`.
    public var disks: [DatasetFile]
    /// Files of traces of other volumes that those of this one were packed against; nothing where there are none.
    public var references: [DatasetFile]?

    /// The snapshots, logs and archives, by their paths: what others may be packed against.
    var recordingFiles: [String: DatasetFile] {
        let all = traces.flatMap { [$0.snapshot] + ($0.log.map { [$0] } ?? []) } + (references ?? [])
        return Dictionary(all.map { ($0.path, $0) }) { first, _ in first }
    }

    /// Describes a dataset.
    public init(
        name: String,
        version: String,
        created: Date,
        format: Format,
        volume: Volume? = nil,
        isAnonymised: Bool = false,
        traces: [DatasetTrace] = [],
        disks: [DatasetFile] = [],
        references: [DatasetFile]? = nil
    ) {
        schema = 1
        self.name = name
        self.version = version
        self.created = created
        self.format = format
        self.volume = volume
        self.isAnonymised = isAnonymised
        self.traces = traces
        self.disks = disks
        self.references = references
    }
}
