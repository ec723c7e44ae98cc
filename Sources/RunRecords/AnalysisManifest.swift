public import Foundation
public import HostSupport

/// What is known of an analysis: the contents of `analysis/NAME/manifest.json`.
///
/// An analysis is the replay of one recording under plugins, and what was made of their outputs.
public struct AnalysisManifest: Sendable, Codable, Hashable {
    /// How an analysis ended.
    public enum State: String, Sendable, Codable {
        /// The replay came to its end, and the outputs were read.
        case finished
        /// A plugin or the engine stopped the replay, or an output could not be read.
        case failed
    }

    /// A plugin that the recording was replayed under.
    public struct Plugin: Sendable, Codable, Hashable {
        /// Its name.
        public let name: String
        /// Its arguments, each `NAME=VALUE`.
        public let arguments: [String]
        /// The SHA-256 digest of its file; nothing where it is in a container's image.
        public let sha256: String?

        /// Describes a plugin.
        public init(name: String, arguments: [String], sha256: String?) {
            self.name = name
            self.arguments = arguments
            self.sha256 = sha256
        }
    }

    /// A file that the analysis left in its folder.
    public struct File: Sendable, Codable, Hashable {
        /// Its path in the folder.
        public let name: String
        /// Its size in bytes.
        public let bytes: UInt64

        /// Describes a file.
        public init(name: String, bytes: UInt64) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// A table that was made of the outputs: a CSV with a line of names.
    public struct Table: Sendable, Codable, Hashable {
        /// The file in the folder.
        public let file: String
        /// How many rows it has.
        public let rows: Int
        /// Its columns.
        public let table: ResultTable
        /// Why it ends before its source does; nothing where it does not.
        public let problem: String?

        /// Describes a table.
        public init(file: String, rows: Int, table: ResultTable, problem: String? = nil) {
            self.file = file
            self.rows = rows
            self.table = table
            self.problem = problem
        }
    }

    /// The version of this file's layout: 1.
    public let schema: Int
    /// The analysis' name, which its folder begins with.
    public let name: String
    /// The run.
    public let run: String
    /// The recording.
    public let recording: String
    /// The SHA-256 digest of the recording's snapshot.
    public let snapshotSHA256: String
    /// The SHA-256 digest of the recording's log.
    public let logSHA256: String
    /// The plugins, in the order in which they were loaded; none where the recording's log alone was read.
    public let plugins: [Plugin]
    /// The engine; nothing where none was started.
    public let engine: RunRecord.Engine?
    /// The SHA-256 digest of all that the outputs depend on: the same key, the same outputs.
    public let key: String
    /// When it was begun.
    public let started: Date
    /// How it ended.
    public var state: State
    /// Why it failed.
    public var problem: String?
    /// What a command exits with since it failed; nothing where it did not fail, or an earlier PANDAcap made it.
    public var exitCode: Int32?
    /// How long the replay took, in seconds.
    public var replaySeconds: Double
    /// How long it took with all that was made of the outputs, in seconds.
    public var seconds: Double
    /// The instructions that were replayed.
    public var instructions: UInt64?
    /// The files in its folder, this one left out, sorted by name.
    public var files: [File]
    /// The tables.
    public var tables: [Table]

    /// Describes an analysis that is begun.
    public init(
        name: String,
        run: String,
        recording: String,
        snapshotSHA256: String,
        logSHA256: String,
        plugins: [Plugin],
        engine: RunRecord.Engine?,
        key: String
    ) {
        schema = 1
        self.name = name
        self.run = run
        self.recording = recording
        self.snapshotSHA256 = snapshotSHA256
        self.logSHA256 = logSHA256
        self.plugins = plugins
        self.engine = engine
        self.key = key
        started = Date()
        state = .failed
        replaySeconds = 0
        seconds = 0
        files = []
        tables = []
    }

    /// Reads the manifest of an analysis.
    ///
    /// - Parameter folder: The analysis' folder.
    /// - Returns: The manifest; nothing where there is none.
    /// - Throws: ``HostSupport/Failure`` where it cannot be understood.
    public static func read(from folder: HostPath) throws -> AnalysisManifest? {
        let path = folder / fileName
        guard FileSystem.isRegularFile(path) else { return nil }
        let manifest = try JSONText.decode(
            AnalysisManifest.self,
            from: try FileSystem.read(path),
            source: path.string
        )
        guard manifest.schema == 1 else {
            throw Failure(
                .badData,
                "\(path) has schema \(manifest.schema); this program knows schema 1",
                hint: "use a newer pandacap"
            )
        }
        // A run's folder may come from anybody.
        for table in manifest.tables where !table.table.isSound || table.file != "\(table.table.name).csv" {
            throw Failure(.badData, "\(path) has a table with names that are none")
        }
        return manifest
    }

    /// Writes the manifest into an analysis' folder.
    ///
    /// - Parameter folder: The folder.
    /// - Throws: ``HostSupport/Failure`` where it cannot be written.
    public func write(to folder: HostPath) throws {
        try FileSystem.write(try JSONText.encode(self), to: folder / Self.fileName)
    }

    /// What the file is called.
    public static let fileName = "manifest.json"
}

extension RunFolder {
    /// The folder of an analysis of one of the run's recordings.
    ///
    /// - Parameters:
    ///   - name: The analysis' name.
    ///   - recording: The recording.
    ///   - isOnly: Whether the run has no other recording.
    /// - Returns: `analysis/NAME`, or `analysis/NAME-RECORDING` where there are several.
    public func analysis(_ name: String, of recording: String, isOnly: Bool) -> HostPath {
        analyses / (isOnly ? name : "\(name)-\(recording)")
    }

    /// The analyses of the run whose manifest can be read, sorted by their folders' names.
    public var finishedAnalyses: [(folder: HostPath, manifest: AnalysisManifest)] {
        FileSystem.list(analyses).filter { !$0.hasPrefix(".") }.compactMap { name in
            let folder = analyses / name
            guard let manifest = try? AnalysisManifest.read(from: folder), manifest.state == .finished else {
                return nil
            }
            return (folder, manifest)
        }
    }
}
