import Glibc
public import HostSupport
import RunRecords
public import TraceArchives
import Traces

/// Brings a trace into another form; what it is made of stays as it is.
public struct TraceConverter: Sendable {
    /// What came of a conversion, or would come of it.
    public struct Outcome: Sendable {
        /// What was converted.
        public var source: HostPath
        /// Its form.
        public var sourceForm: TraceForm
        /// Its size in bytes.
        public var sourceBytes: UInt64
        /// The recording's name.
        public var name: String
        /// What was written.
        public var targets: [HostPath]
        /// Its size in bytes; nothing where nothing was written.
        public var targetBytes: UInt64?
        /// The snapshot; nothing where it was not read.
        public var snapshot: ArchiveContents.File?
        /// The log; nothing where it was not read.
        public var log: ArchiveContents.File?
        /// How much memory the recorded machine had; nothing where the snapshot was not looked at.
        public var memory: ByteSize?
        /// What else was known of it.
        public var description: TraceDescription
        /// Whether an engine can replay it, as far as the files tell.
        public var isWhole = true
        /// What is not as it should be.
        public var warnings: [String] = []
    }

    private let form: TraceForm
    private let out: HostPath?
    private let name: String?
    private let replacing: Bool
    private let limits: ArchiveLimits
    private let console: Console

    /// Prepares a conversion.
    ///
    /// - Parameters:
    ///   - form: The form to bring it into.
    ///   - out: Where to: a folder, or for an archive what to call it; the working folder otherwise.
    ///   - name: What to call the recording, instead of what it is called.
    ///   - replacing: Whether files that are there may be replaced.
    ///   - limits: What to believe of an archive.
    ///   - console: What a person is told meanwhile.
    /// - Throws: ``HostSupport/Failure`` with `usage` where the name is none for a recording.
    public init(
        to form: TraceForm,
        out: HostPath?,
        name: String?,
        replacing: Bool,
        limits: ArchiveLimits,
        console: Console
    ) throws {
        if let name, !TraceArchive.isSafe(name) {
            throw Failure(.usage, "'\(Console.printable(name))' is no name for a recording")
        }
        self.form = form
        self.out = out.map { FileSystem.absolute($0) }
        self.name = name
        self.replacing = replacing
        self.limits = limits
        self.console = console
    }

    /// Converts a trace.
    ///
    /// - Parameters:
    ///   - source: What the user named.
    ///   - collection: Where a run's id is looked up.
    /// - Returns: What came of it.
    /// - Throws: ``HostSupport/Failure``: `bad-data` where the trace cannot be believed, `cannot-create` where a
    ///   target is there already or does not fit, `interrupted` where the user asked for the end; nothing is left then.
    public func convert(_ source: String, collection: HostPath) async throws -> Outcome {
        let archive = try TraceSource.archive(source, limits: limits)
        if form == .files, let archive { return try await unpack(archive) }
        return try await TraceSource.lend(source, collection: collection, limits: limits, console: console) {
            found in
            var outcome = try Outcome(found, archive, named: name)
            try settle(&outcome)
            let files = try found.single().files
            outcome = try await Interrupts.cancelling { [outcome] in
                try form == .files ? copy(files, outcome) : pack(files, outcome)
            }
            console.endProgress()
            for warning in outcome.warnings where found.archive?.warnings.contains(warning) != true {
                console.warning(warning)
            }
            outcome.warnings = ((found.archive?.warnings ?? []) + outcome.warnings).uniqued()
            return outcome
        }
    }

    /// Says what would be converted into what; reads an archive to its end, and writes nothing.
    ///
    /// - Parameters:
    ///   - source: What the user named.
    ///   - collection: Where a run's id is looked up.
    /// - Returns: What would come of it.
    /// - Throws: ``HostSupport/Failure``, as ``convert(_:collection:)`` does.
    public func plan(_ source: String, collection: HostPath) async throws -> Outcome {
        guard let archive = try TraceSource.archive(source, limits: limits) else {
            let found = try await TraceSource(source, collection: collection)
            var outcome = try Outcome(found, nil, named: name)
            try settle(&outcome)
            return outcome
        }
        let contents = try await Interrupts.cancelling {
            try TraceArchive.naming(archive.path) {
                try archive.examine(limits: limits) { part in
                    console.progress("reading \(archive.path.name): \(Int(part * 100)) %")
                }
            }
        }
        console.endProgress()
        let inner = try TraceArchive.naming(archive.path) { try name ?? archive.name(contents.name) }
        var outcome = Outcome(archive, name: inner, contents)
        try settle(&outcome)
        return outcome
    }

    private func unpack(_ archive: TraceArchive) async throws -> Outcome {
        let folder = out ?? FileSystem.settled(".")
        let isNew = !FileSystem.exists(folder)
        if isNew { try FileSystem.createDirectory(folder) }
        do {
            let unpacked = try await Interrupts.cancelling {
                try TraceSource.unpack(
                    archive,
                    into: folder,
                    as: name,
                    limits: limits,
                    replacing: replacing,
                    console: console
                )
            }
            for warning in unpacked.contents.warnings { console.warning("\(archive.path): \(warning)") }
            var outcome = Outcome(archive, name: unpacked.files.name, unpacked.contents)
            outcome.finish(unpacked)
            return outcome
        } catch {
            // Only where it is empty.
            if isNew { rmdir(folder.string) }
            throw error
        }
    }

    private func copy(_ files: RecordingFiles, _ outcome: Outcome) throws -> Outcome {
        var outcome = outcome
        let folder = outcome.targets[0].parent
        try FileSystem.createDirectory(folder)
        let copy = RecordingFiles(name: outcome.name, in: folder.string)
        let copied = try TraceArchive.naming(HostPath(files.prefix)) {
            try files.copy(to: copy, replacing: replacing) { part in
                console.progress("copying \(files.name): \(Int(part * 100)) %")
            }
        }
        outcome.finish(copied)
        return outcome
    }

    private func pack(_ files: RecordingFiles, _ outcome: Outcome) throws -> Outcome {
        var outcome = outcome
        let packed = try TraceArchive.naming(HostPath(files.prefix)) {
            try TraceArchive.pack(
                files,
                as: form,
                to: outcome.targets[0],
                description: outcome.description,
                replacing: replacing
            ) { part in
                console.progress("packing \(files.name): \(Int(part * 100)) %")
            }
        }
        outcome.targetBytes = packed.archive.byteCount
        outcome.snapshot = packed.snapshot
        outcome.log = packed.log
        outcome.memory = ByteSize(bytes: packed.memoryBytes)
        outcome.isWhole = packed.isWhole
        outcome.warnings = packed.warnings
        return outcome
    }

    /// Finds out where the result goes, and refuses to let it take its source's place.
    private func settle(_ outcome: inout Outcome) throws {
        if form == .files {
            let files = RecordingFiles(name: outcome.name, in: (out ?? FileSystem.settled(".")).string)
            outcome.targets = [HostPath(files.snapshotPath), HostPath(files.nondetLogPath)]
        } else {
            let file = outcome.name + (form.fileExtension ?? "")
            let place = out ?? FileSystem.settled(".")
            outcome.targets = [FileSystem.isDirectory(place) ? place / file : place]
        }
        let sources =
            outcome.sourceForm == .files
            ? [RecordingFiles.snapshotSuffix, RecordingFiles.nondetLogSuffix].map {
                HostPath(outcome.source.string + $0)
            }
            : [outcome.source]
        let real = sources.map { FileSystem.settled($0) }
        if let target = outcome.targets.first(where: { real.contains(FileSystem.settled($0)) }) {
            throw Failure(
                .usage,
                "\(target) is what is to be converted",
                hint: "name another place with --out or --name"
            )
        }
        for target in outcome.targets { try TraceArchive.requireFree(target, replacing: replacing) }
    }
}

extension TraceConverter.Outcome {
    /// A recording that is found, or was lent out of an archive.
    init(_ found: TraceSource, _ archive: TraceArchive?, named name: String?) throws {
        let item = try found.single()
        let command = found.run.map { ([$0.record.command.executable.string] + $0.record.command.arguments) }
        self.init(
            source: archive?.path ?? HostPath(item.files.prefix),
            sourceForm: archive?.form ?? .files,
            sourceBytes: archive?.byteCount
                ?? [item.files.snapshotPath, item.files.nondetLogPath].reduce(0) {
                    $0 + (FileSystem.size(HostPath($1)) ?? 0)
                },
            name: name ?? item.name,
            targets: [],
            description: TraceDescription(
                name: name ?? item.name,
                command: command?.joined(separator: " ") ?? found.archive?.command,
                os: found.run?.record.osProfile?.os ?? found.archive?.os
            )
        )
    }

    init(_ archive: TraceArchive, name: String, _ contents: ArchiveContents) {
        self.init(
            source: archive.path,
            sourceForm: archive.form,
            sourceBytes: archive.byteCount,
            name: name,
            targets: [],
            snapshot: contents.snapshot,
            log: contents.log,
            memory: contents.memoryMebibytes.map { .mebibytes($0) },
            description: TraceDescription(name: name, command: contents.command, os: contents.os),
            warnings: contents.warnings
        )
    }

    mutating func finish(_ files: UnpackedTrace) {
        targets = [HostPath(files.files.snapshotPath), HostPath(files.files.nondetLogPath)]
        targetBytes = files.contents.snapshot.bytes + files.contents.log.bytes
        snapshot = files.contents.snapshot
        log = files.contents.log
        memory = ByteSize(bytes: files.memoryBytes)
        isWhole = files.isWhole
        warnings = files.contents.warnings
    }
}
