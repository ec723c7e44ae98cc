public import HostSupport
public import RunRecords
public import TraceArchives
public import Traces

/// Recordings that the user named, to be looked at without an engine: of a run, or by themselves.
public struct TraceSource: Sendable {
    /// One recording.
    public struct Item: Sendable {
        /// Its two files.
        public let files: RecordingFiles
        /// What its run's record knows of it; nothing where it belongs to no run.
        public let recording: Recording?

        /// Its name.
        public var name: String { files.name }

        /// Describes a recording.
        public init(files: RecordingFiles, recording: Recording? = nil) {
            self.files = files
            self.recording = recording
        }
    }

    /// A run, and where it is.
    public struct Run: Sendable {
        /// Its folder.
        public let folder: RunFolder
        /// Its record.
        public let record: RunRecord

        /// Describes a run.
        public init(folder: RunFolder, record: RunRecord) {
            self.folder = folder
            self.record = record
        }
    }

    /// The run that the recordings belong to, where there is one.
    public let run: Run?
    /// What the archive was found to hold that the recording has come out of, where it is out of one.
    public let archive: ArchiveContents?
    /// The recordings, whole or not; one at least.
    public let items: [Item]

    /// Finds what the user named.
    ///
    /// - Parameters:
    ///   - name: A run's folder, its `run.json`, or its id; a recording's path prefix or one of its files, in a run or
    ///     anywhere; or a folder with recordings.
    ///   - collection: Where a run's id is looked up.
    /// - Throws: ``HostSupport/Failure`` with `notFound` where it names no recording, `timeout` where the run is still
    ///   going on.
    public init(_ name: String, collection: HostPath) async throws {
        archive = nil
        if RunFolder.find(name, in: collection) != nil {
            let trace = try await TraceReference(name, collection: collection)
            run = Run(folder: trace.folder, record: trace.record)
            items = Self.items(trace.recordings, in: trace.folder)
            return
        }
        run = nil
        items = try Self.bare(FileSystem.absolute(HostPath(name)), name).map { Item(files: $0) }
    }

    /// Finds the recordings of a run by its record, to which nothing is done even if the process that made it died.
    ///
    /// - Parameter folder: The run's folder.
    /// - Throws: ``HostSupport/Failure`` with `notFound` where the run has no recording, `timeout` where its record says
    ///   that it is still going on; else where the record cannot be read.
    public init(asRecordedIn folder: RunFolder) throws {
        let record = try RunRecord.read(from: folder)
        guard record.state.isFinal || record.state == .recorded else {
            throw Failure(
                .timeout,
                "the run \(record.id) is still going on (\(record.state.rawValue)), or the process that made it died",
                hint: "wait for its end; 'pandacap replay \(shellQuoted(folder.path.string))' finds out"
            )
        }
        guard !record.recordings.isEmpty else {
            throw Failure(.notFound, "the run \(record.id) has no recording")
        }
        archive = nil
        run = Run(folder: folder, record: record)
        items = Self.items(record.recordings, in: folder)
    }

    private static func items(_ recordings: [Recording], in folder: RunFolder) -> [Item] {
        recordings.map { recording in
            Item(
                files: RecordingFiles(prefix: folder.recording(recording.name).string),
                recording: recording
            )
        }
    }

    /// A recording that has come out of an archive.
    init(_ unpacked: UnpackedTrace) {
        run = nil
        archive = unpacked.contents
        items = [Item(files: unpacked.files)]
    }

    private static func bare(_ path: HostPath, _ name: String) throws -> [RecordingFiles] {
        let found: [FoundRecording]
        do throws(TraceFormatError) {
            let folder = FileSystem.isDirectory(path) ? path : path.parent
            found = FileSystem.isDirectory(folder) ? try RecordingFiles.find(in: folder.string) : []
        } catch {
            throw Failure(.inputOutput, "\(error)")
        }
        let all = found.map(\.files)
        let files =
            FileSystem.isDirectory(path)
            ? all
            : all.filter { [$0.prefix, $0.snapshotPath, $0.nondetLogPath].contains(path.string) }
        guard !files.isEmpty else {
            throw Failure(
                .notFound,
                "'\(name)' is no trace: neither a run, nor a recording, nor a folder with recordings",
                hint: "name a run's folder or id, or what the names of a recording's two files begin with"
            )
        }
        return files
    }

    /// The one recording, for what cannot be done with several at once.
    ///
    /// - Throws: ``HostSupport/Failure`` with `usage`, listing the recordings, where there are several.
    public func single() throws -> Item {
        guard items.count == 1, let item = items.first else {
            let names = items.map(\.files.prefix)
            throw Failure(
                .usage,
                "there are \(items.count) recordings, and one is needed",
                hint: "name one of them:\n" + names.map { "  \(shellQuoted($0))" }.joined(separator: "\n")
            )
        }
        return item
    }
}
