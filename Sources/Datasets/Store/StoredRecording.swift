public import HostSupport
public import RunRecords
import TraceArchives

/// What a recording is that was packed by itself: `NAME.store.json`, beside its two packed files.
public struct StoredRecording: Sendable, Codable, Hashable {
    /// The file that another was packed against.
    public typealias Reference = Recording.File

    /// A packed file.
    public struct File: Sendable, Codable, Hashable {
        /// What it is called.
        public var name: String
        /// Its size in bytes.
        public var bytes: UInt64
        /// Its SHA-256 digest, in hexadecimal.
        public var sha256: String
        /// What comes out of it.
        public var restored: Recording.File
        /// The file that it was packed against; nothing where it stands alone.
        public var reference: Reference?
    }

    /// The version of this file's layout: 1.
    public var schema = 1
    /// The recording's name.
    public var name: String
    /// The snapshot.
    public var snapshot: File
    /// The log.
    public var log: File

    /// What follows the recording's name in the name of this file.
    public static let suffix = ".store.json"

    /// Reads such a file, which nobody believes: the names in it are those that belong to the recording.
    ///
    /// - Throws: ``HostSupport/Failure`` with `bad-data`.
    public static func read(from path: HostPath) throws -> StoredRecording {
        let stored = try JSONText.decode(
            StoredRecording.self,
            from: try FileSystem.read(path, limit: 1 << 20),
            source: path.string
        )
        guard stored.schema == 1, TraceArchive.isSafe(stored.name), path.name == stored.name + suffix,
            stored.files.map(\.restored.name) == names(of: stored.name),
            stored.files.map(\.name) == names(of: stored.name).map({ $0 + ".zst" })
        else {
            throw Failure(
                .badData,
                "\(path) does not describe a packed recording",
                hint: "it names the recording's two files as 'pandacap trace pack' does"
            )
        }
        return stored
    }

    /// Both files, the snapshot first.
    public var files: [File] { [snapshot, log] }

    static func names(of recording: String) -> [String] {
        ["\(recording)-rr-snp", "\(recording)-rr-nondet.log"]
    }
}
