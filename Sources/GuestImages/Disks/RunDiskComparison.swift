public import DiskFiles
public import HostSupport
public import RunRecords

/// What a run changed on its disk.
public struct DiskDifference: Sendable {
    /// The changes in one file system.
    public struct Volume: Sendable {
        /// The partition's number; nothing where the disk is not divided.
        public let partition: Int?
        /// The changes, sorted by path.
        public let changes: [FileChange]
    }

    /// A partition that was not compared.
    public struct Omission: Sendable {
        /// The partition's number; nothing where the disk is not divided.
        public let partition: Int?
        /// Why it was not.
        public let reason: String
    }

    /// The run's disk.
    public let disk: HostPath
    /// The disk that it was compared with.
    public let base: HostPath
    /// The file systems that were compared.
    public let volumes: [Volume]
    /// What was not compared.
    public let omissions: [Omission]
}

/// Compares the disk of a run with its image's base disk, without mounting either.
public struct RunDiskComparison: Sendable {
    private let store: ImageStore
    private let console: Console

    /// Creates a comparison.
    ///
    /// - Parameters:
    ///   - store: The image store, where base disks may lie.
    ///   - console: Where progress is told.
    public init(store: ImageStore, console: Console) {
        self.store = store
        self.console = console
    }

    /// Finds what a run changed.
    ///
    /// Both disks are copied into a folder beside the run's, which is gone afterwards; what waits in a journal is
    /// brought into the copies.
    ///
    /// - Parameters:
    ///   - run: The run's folder.
    ///   - contents: Whether contents are compared of files, too, that no inode says were changed.
    /// - Returns: The changes.
    /// - Throws: ``HostSupport/Failure``: with `notFound` where the run has no disk, `notPermitted` where the disk
    ///   names a file that it must not, `badData` where a file system is damaged.
    public func compare(_ run: RunFolder, contents: Bool) async throws -> DiskDifference {
        guard FileSystem.isRegularFile(run.disk) else {
            throw Failure(
                .notFound,
                "the run in \(run.path) has no disk",
                hint: "only guests whose image has a disk write to one; see 'pandacap image show'"
            )
        }
        // COLLECTION/runs/RUN-ID
        let shelves = run.path.parent.parent / "disks"
        let chain = try DiskChain(run.disk, within: [shelves, store.folder])
        guard chain.layers.count > 1 else {
            throw Failure(.badData, "the disk \(run.disk) lies over no other")
        }
        let scratch = try ScratchFolder(in: run.path)
        defer { scratch.remove() }
        let conversion = DiskConversion(console: console)
        let before = scratch.path / "before.raw"
        let after = scratch.path / "after.raw"
        try await conversion.copy(chain.base, to: before, as: "raw", "reading the base disk")
        try await conversion.copy(chain, to: after, as: "raw", "reading the run's disk")
        return try await compare(before, after, run.disk, chain, contents)
    }

    private func compare(
        _ before: HostPath,
        _ after: HostPath,
        _ disk: HostPath,
        _ chain: DiskChain,
        _ contents: Bool
    ) async throws -> DiskDifference {
        let old = try ExtTools.layout(of: before)
        let new = try ExtTools.layout(of: after)
        var volumes: [DiskDifference.Volume] = []
        var omissions: [DiskDifference.Omission] = []
        for volume in new.volumes {
            guard let former = old.volumes.first(where: { $0.start == volume.start }) else {
                omissions.append(
                    .init(partition: volume.partition, reason: "the base disk has no such partition")
                )
                continue
            }
            guard volume.contents == .ext, former.contents == .ext else {
                let kind = volume.contents == .swap ? "a swap area" : "no ext file system"
                omissions.append(.init(partition: volume.partition, reason: kind))
                continue
            }
            let tools = (ExtTools(disk: before, volume: former), ExtTools(disk: after, volume: volume))
            try await tools.0.replayJournal()
            try await tools.1.replayJournal()
            volumes.append(
                DiskDifference.Volume(
                    partition: volume.partition,
                    changes: try changes(from: try tools.0.open(), to: try tools.1.open(), volume, contents)
                )
            )
        }
        for volume in old.volumes where !new.volumes.contains(where: { $0.start == volume.start }) {
            omissions.append(
                .init(partition: volume.partition, reason: "the run's disk has no such partition")
            )
        }
        return DiskDifference(
            disk: disk,
            base: chain.layers.last?.path ?? disk,
            volumes: volumes,
            omissions: omissions
        )
    }

    private func changes(
        from before: ExtFileSystem,
        to after: ExtFileSystem,
        _ volume: DiskLayout.Volume,
        _ contents: Bool
    ) throws -> [FileChange] {
        var found: [FileChange] = []
        do {
            var comparison = try TreeComparison(before: before, after: after, comparesAllContents: contents)
            while let some = try comparison.next() {
                found += some
                try Task.checkCancellation()
                console.progress("comparing \(ExtTools.name(of: volume)): \(found.count) changes")
            }
        } catch let error as DiskFormatError {
            throw ExtTools.failure(error, volume)
        }
        console.endProgress()
        return found.sorted { $0.path.lexicographicallyPrecedes($1.path) }
    }
}
