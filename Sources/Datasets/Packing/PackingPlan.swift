public import HostSupport

/// All that a packing reads and writes, as a plain value: what `--dry-run` shows.
public struct PackingPlan: Sendable, Codable {
    /// How a file of the dataset is made.
    public enum Work: String, Sendable, Codable, Hashable {
        /// It becomes a frame of zstd.
        case frame
        /// It is copied.
        case copy
        /// It is copied, with other addresses where these are replaced.
        case packets
        /// It and the log beside it become one archive.
        case archive
        /// It is the record of a run, as it is published.
        case record
    }

    /// A file of the dataset that is to be made.
    public struct Step: Sendable, Codable, Hashable {
        /// Where it will lie under `data/`.
        public let path: String
        /// How it is made.
        public let work: Work
        /// What it is made of.
        public let source: HostPath
        /// The size of that in bytes.
        public let bytes: UInt64
        /// What tells its contents from others: digests where they are known, else its size and time.
        let identity: String
        /// The digest that a run's record has of it.
        let sha256: String?
        /// What comes out of it is called.
        let restoredName: String?
        /// The packed snapshot that it is packed against, as a path under `data/`.
        public let reference: String?
        /// The trace that it belongs to, where it belongs to one alone.
        let trace: String?
        /// Whether it is there already, from an earlier packing.
        public var isThere = false
    }

    /// A trace, and where its files will lie under `data/`.
    struct Trace: Sendable, Codable, Hashable {
        let name: String
        let snapshot: String
        let log: String?
        let record: String
        let packets: String?
        let disk: String?
        let kernelInformation: String?
        let baseDisks: [String]?
    }

    /// The dataset's name.
    public let name: String
    /// The form of the recordings.
    public let format: DatasetIndex.Format
    /// The steps, in the order of their paths.
    public var steps: [Step]
    /// The traces.
    let traces: [Trace]
    /// Where each base disk was in the collection, by its path under `data/`.
    let disks: [String: [String]]
    /// What is left out.
    public let skipped: [TraceSelection.Skipped]
    /// What is not as it should be, and keeps nothing from being packed.
    public let warnings: [String]

    /// How many traces there are.
    public var traceCount: Int { traces.count }
    /// How many bytes are to be read.
    public var bytes: UInt64 { steps.filter { !$0.isThere }.reduce(0) { $0 + $1.bytes } }
}
