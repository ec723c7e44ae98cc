/// The two files that PANDA makes of one recording, by name; they need not exist.
///
/// Source: `rr_get_snapshot_file_name` and `rr_get_nondet_log_file_name` in PANDA's `panda/src/rr/rr_log.c`.
public struct RecordingFiles: Hashable, Sendable {
    /// What comes after the prefix in the name of a snapshot.
    public static let snapshotSuffix = "-rr-snp"

    /// What comes after the prefix in the name of a log.
    public static let nondetLogSuffix = "-rr-nondet.log"

    /// What both paths begin with: `DIR/NAME`, as the engine is told.
    public var prefix: String

    /// Makes the names of the recording `DIR/NAME`.
    public init(prefix: String) {
        self.prefix = prefix
    }

    /// Makes the names of the recording `name` in the folder `directory`.
    public init(name: String, in directory: String) {
        prefix = directory.isEmpty || directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
    }

    /// The recording's name: the prefix without its folder.
    public var name: String {
        String(prefix[(prefix.lastIndex(of: "/").map { prefix.index(after: $0) } ?? prefix.startIndex)...])
    }

    /// The path of the snapshot.
    public var snapshotPath: String { prefix + Self.snapshotSuffix }

    /// The path of the log of nondeterministic inputs.
    public var nondetLogPath: String { prefix + Self.nondetLogSuffix }
}
