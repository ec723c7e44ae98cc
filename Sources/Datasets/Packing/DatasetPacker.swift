public import Foundation
public import HostSupport
import RunRecords
import TraceStore

/// Packs the traces of a collection into a dataset.
///
/// What is done is written down, so that a packing that was killed is gone on with by the next one; and what was packed
/// earlier stays as it is when traces are added.
public struct DatasetPacker: Sendable {
    /// What the user asks for.
    public struct Settings: Sendable {
        /// The dataset's folder.
        public var target: HostPath
        /// The form of the recordings.
        public var format = DatasetIndex.Format.store
        /// What a person says of the dataset; its name is the dataset's.
        public var description: DatasetDescription
        /// How large a volume may get.
        public var limits = VolumePlan.Limits()
        /// Whether each volume becomes a tar beside it, too.
        public var makesArchives = false
        /// Whether the guests' disks are packed.
        public var hasDisks = true
        /// How many files are packed at once; what processors and memory allow where nothing is said.
        public var jobs: Int?
        /// PANDAcap's version.
        public var version: String
        /// The time that is written down as that of packing.
        public var time: Date
        /// How large a file and what it is packed against may be together, in bytes.
        var mostTogether = FilePacker.largest

        /// Asks for a dataset.
        public init(target: HostPath, description: DatasetDescription, version: String, time: Date = Date()) {
            self.target = FileSystem.absolute(target)
            self.description = description
            self.version = version
            self.time = time
        }
    }

    let settings: Settings
    let privacy: (any DatasetPrivacy)?
    let console: Console

    /// Prepares a packing.
    ///
    /// - Parameters:
    ///   - settings: What the user asks for.
    ///   - privacy: What keeps from being published what must not be; nothing where nobody looks.
    ///   - console: Where progress is told.
    public init(settings: Settings, privacy: (any DatasetPrivacy)? = nil, console: Console) {
        self.settings = settings
        self.privacy = privacy
        self.console = console
    }

    var folder: DatasetFolder { DatasetFolder(settings.target) }

    /// What a person said of the dataset that is in a folder already; nothing where there is none.
    ///
    /// - Parameter target: The folder.
    /// - Returns: The description.
    /// - Throws: ``HostSupport/Failure`` where it cannot be read.
    public static func description(of target: HostPath) throws -> DatasetDescription? {
        guard let volume = DatasetFolder(target).volumes.first else { return nil }
        let path = volume / DatasetMetadata.descriptionPath
        guard FileSystem.isRegularFile(path) else { return nil }
        return try JSONText.decode(
            DatasetDescription.self,
            from: try FileSystem.read(path),
            source: path.string
        )
    }

    /// Finds out what would be done; nothing is written.
    ///
    /// - Parameter selection: The traces.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` where the folder is no dataset of the same kind, or a file cannot be read.
    public func plan(_ selection: TraceSelection) async throws -> PackingPlan {
        try await plan(selection, try beginning())
    }

    private func plan(_ selection: TraceSelection, _ beginning: PackingBeginning) async throws -> PackingPlan
    {
        let planner = PackingPlanner(
            name: beginning.name,
            format: beginning.format,
            hasDisks: settings.hasDisks,
            fingerprint: beginning.fingerprint,
            earlier: beginning.earlier,
            mostTogether: settings.mostTogether
        )
        var plan = try await planner.plan(selection)
        let earlier = try EarlierFiles(beginning.earlier, in: folder)
        for number in plan.steps.indices where try earlier.has(plan.steps[number]) {
            plan.steps[number].isThere = true
        }
        return plan
    }

    /// Packs traces.
    ///
    /// - Parameter selection: The traces.
    /// - Returns: What came of it.
    /// - Throws: ``HostSupport/Failure``: `bad-data` naming each source that is not what its record says, `not-permitted`
    ///   where something must not leave, `timeout` where another process packs there, `interrupted`; what is done by
    ///   then is kept for the next time.
    public func pack(_ selection: TraceSelection) async throws -> PackingResult {
        let start = ContinuousClock.now
        // Before anything is written: the folder may be somebody's.
        _ = try beginning()
        try FileSystem.createDirectory(folder.work)
        let lock: FileLock
        do {
            lock = try FileLock(unlessHeld: folder.lock)
        } catch let failure as Failure where failure.code == .timeout {
            throw Failure(.timeout, "another process is packing into \(folder.path)")
        }
        defer { withExtendedLifetime(lock) {} }
        let beginning = try beginning()
        let plan = try await plan(selection, beginning)
        for warning in plan.warnings { console.warning(warning) }
        if let privacy { try await privacy.review(reviewed(plan, selection)) }
        if !FileSystem.exists(folder.beginning) {
            try FileSystem.write(try JSONText.encode(beginning), to: folder.beginning)
        }
        let journal = try PackingJournal(folder.journal)
        let earlier = try EarlierFiles(beginning.earlier, in: folder)
        for step in plan.steps where step.isThere {
            if let file = earlier.files[step.path], await journal.entries[step.path] == nil {
                try await journal.add(.init(path: step.path, identity: step.identity, file: file))
            }
        }
        let records = Dictionary(selection.traces.map { ($0.name, $0) }) { first, _ in first }
        let made = try await PackingWork(
            folder: folder,
            journal: journal,
            privacy: privacy,
            console: console,
            earlier: beginning.earlier,
            records: records,
            jobs: BoundedWork.jobs(settings.jobs, largest: plan.steps.map(\.bytes).max() ?? 0)
        ).carryOut(plan)
        let index = try index(plan, selection, beginning, await journal.entries)
        let problems = IndexCheck.problems(index)
        guard problems.isEmpty else {
            throw Failure(.internal, "what was packed is no dataset: \(problems.joined(separator: "; "))")
        }
        let volumes = try await publish(index, beginning)
        let added = Set(plan.traces.map(\.name)).subtracting((beginning.earlier?.traces ?? []).map(\.name))
        return PackingResult(
            name: index.name,
            folder: folder.path,
            format: index.format,
            volumes: volumes,
            traces: index.traces.count,
            added: added.count,
            skipped: selection.skipped,
            warnings: plan.warnings,
            filesMade: made.files,
            sourceBytes: made.bytes,
            packedBytes: Set(index.traces.flatMap(\.files) + index.disks).reduce(0) { $0 + $1.bytes },
            seconds: (ContinuousClock.now - start).seconds
        )
    }

    /// What the packing was begun as, or begins as.
    private func beginning() throws -> PackingBeginning {
        let name = settings.description.name
        guard safeFileName(name, limit: 100) == name else {
            throw Failure(.usage, "'\(name)' is no name for a dataset", hint: "use A-Z a-z 0-9 . _ and -")
        }
        if let begun = try PackingBeginning.read(folder) {
            let isSame =
                begun.name == name && begun.format == settings.format
                && begun.fingerprint == privacy?.fingerprint
            guard isSame else {
                throw Failure(
                    .usage,
                    "\(folder.path) has a packing of '\(begun.name)' (\(begun.format.rawValue)) that is not finished",
                    hint: "finish it with the same arguments, or remove \(folder.work) to give it up"
                )
            }
            return begun
        }
        let volumes = try folder.volumes.map { try DatasetIndex.read(from: DatasetFolder($0)) }
        let foreign = FileSystem.list(folder.path)
        guard !volumes.isEmpty || foreign.isEmpty else {
            throw Failure(
                .cannotCreate,
                "\(folder.path) is there already and is no dataset",
                hint: "name an empty folder with --out"
            )
        }
        let earlier = try DatasetIndex.joined(volumes)
        if let earlier {
            guard earlier.name == name, earlier.format == settings.format,
                earlier.isAnonymised == (privacy?.isAnonymising ?? false)
            else {
                throw Failure(
                    .usage,
                    "\(folder.path) has the dataset '\(earlier.name)' (\(earlier.format.rawValue)"
                        + "\(earlier.isAnonymised ? ", anonymised" : "")), which traces of another kind do not go into",
                    hint: "name another folder with --out"
                )
            }
        }
        return PackingBeginning(
            name: name,
            created: settings.time,
            format: settings.format,
            isAnonymised: privacy?.isAnonymising ?? false,
            fingerprint: privacy?.fingerprint,
            earlier: earlier,
            volumes: volumes.count > 1 || volumes.first?.volume != nil
                ? volumes.map { $0.traces.map(\.name) } : []
        )
    }

    private func reviewed(_ plan: PackingPlan, _ selection: TraceSelection) -> [ReviewedFile] {
        let logs = Dictionary(selection.traces.map { ($0.name, $0.log) }) { first, _ in first }
        return plan.steps.filter { !$0.isThere || $0.work == .record }.flatMap { step in
            var files = [ReviewedFile(step.source, step.role)]
            if step.work == .archive, let log = step.trace.flatMap({ logs[$0] }) {
                files.append(.init(log, .log))
            }
            return files
        }
    }
}

extension PackingPlan.Step {
    /// What its source is.
    var role: DatasetFileRole {
        switch work {
        case .record: .record
        case .packets: .packets
        case .archive: .snapshot
        case .copy: .text
        case .frame: path.hasPrefix("qcow/") ? .disk : path.hasSuffix("-rr-snp.zst") ? .snapshot : .log
        }
    }
}

/// What came of a packing.
public struct PackingResult: Sendable, Codable {
    /// A volume.
    public struct Volume: Sendable, Codable {
        /// Its folder.
        public let folder: HostPath
        /// How many files are in it.
        public let files: Int
        /// Their size in bytes.
        public let bytes: UInt64
        /// How many traces.
        public let traces: Int
        /// The tar that was made of it.
        public let archive: HostPath?
    }

    /// The dataset's name.
    public let name: String
    /// Its folder.
    public let folder: HostPath
    /// The form of the recordings.
    public let format: DatasetIndex.Format
    /// The volumes; the folder itself where it is not split.
    public let volumes: [Volume]
    /// How many traces it has.
    public let traces: Int
    /// How many of them are new.
    public let added: Int
    /// What was left out.
    public let skipped: [TraceSelection.Skipped]
    /// What is not as it should be.
    public let warnings: [String]
    /// How many files were made this time.
    public let filesMade: Int
    /// What they were made of, in bytes.
    public let sourceBytes: UInt64
    /// What all of the dataset's files that were packed take, in bytes.
    public let packedBytes: UInt64
    /// How long it took.
    public let seconds: Double
}
