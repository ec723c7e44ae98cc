/// The two files of a recording, by the names that PANDA gives them (panda/include/panda/rr/rr_log.h).
public struct RecordingFiles: Sendable, Hashable {
    /// What PANDA appends to a recording's name for its snapshot.
    public static let snapshotSuffix = "-rr-snp"
    /// What PANDA appends to a recording's name for its log.
    public static let logSuffix = "-rr-nondet.log"

    /// The folder.
    public let folder: String
    /// The recording's name.
    public let name: String

    /// Names the files of a recording, which need not be there.
    public init(folder: String, name: String) {
        self.folder = folder
        self.name = name
    }

    /// The snapshot's path.
    public var snapshot: String { "\(folder)/\(name)\(Self.snapshotSuffix)" }
    /// The log's path.
    public var log: String { "\(folder)/\(name)\(Self.logSuffix)" }

    /// The recordings of which a folder has at least one file, sorted by name.
    ///
    /// - Parameter names: The names of the files in the folder.
    /// - Returns: The recordings.
    public static func among(_ names: [String], in folder: String) -> [RecordingFiles] {
        let recordings = names.compactMap { name in
            [snapshotSuffix, logSuffix].first { name.hasSuffix($0) && name.count > $0.count }
                .map { String(name.dropLast($0.count)) }
        }
        return Set(recordings).sorted().map { RecordingFiles(folder: folder, name: $0) }
    }
}
