import DiskFiles
public import HostSupport

/// What was taken out of an image, or would be.
public struct ShrinkResult: Sendable, Encodable {
    /// A file that was removed, emptied or zeroed.
    public struct File: Sendable, Encodable {
        /// The partition that it is in; nothing where the disk is not divided.
        public let partition: Int?
        /// Its path in the guest; for a swap partition none.
        public let path: String?
        /// `remove`, `empty` or `zero`.
        public let action: String
        /// `logs`, `caches`, `histories`, `temporary` or `swap`.
        public let reason: String
        /// The size that it had, in bytes.
        public let bytes: UInt64
    }

    /// The image.
    public let image: String
    /// Its version: the new one, or the present one where nothing was done.
    public let version: Int
    /// What goes, in the order of the disk.
    public let files: [File]
    /// What ought to go and stays, since its name has a line feed or is too long for the tools.
    public let left: [String]
    /// The size of the base disk's file before, in bytes.
    public let bytesBefore: UInt64
    /// The size of the base disk's file now; nothing where nothing was done.
    public let bytesAfter: UInt64?
}

/// Makes images smaller: takes out logs, caches, histories, temporary files and swap, and gives back free space.
///
/// Nothing is mounted and nothing is booted.
public struct ImageShrinker: Sendable {
    private let store: ImageStore
    private let console: Console

    /// Creates a shrinker.
    ///
    /// - Parameters:
    ///   - store: Where images are.
    ///   - console: Who is told of the steps.
    public init(store: ImageStore, console: Console) {
        self.store = store
        self.console = console
    }

    /// Shrinks an image: the result is its next version, or another image.
    ///
    /// - Parameters:
    ///   - name: The image.
    ///   - other: The name of an image to make, which leaves this one as it is.
    ///   - isDryRun: Whether to tell what would go, and to do nothing.
    /// - Returns: What went.
    /// - Throws: ``HostSupport/Failure`` with `usage` where the image has no disk, `cannotCreate` where there is an
    ///   image of the other name, `badData` where a file system is damaged.
    public func shrink(_ name: String, as other: String?, isDryRun: Bool) async throws -> ShrinkResult {
        if let other { try ImageName.check(other) }
        // Before the locks, which would be made of an image that is not there.
        _ = try store.load(name)
        // In one order, so that two never wait for each other.
        let locks = try Set([name, other ?? name]).sorted().map(store.lock)
        defer { withExtendedLifetime(locks) {} }
        let image = try store.load(name)
        guard let disk = image.disk else {
            throw Failure(
                .usage,
                "the image '\(name)' has no disk",
                hint: "its initial file system is all it has"
            )
        }
        if let other, FileSystem.exists(store.folder / other) {
            throw Failure(
                .cannotCreate,
                "there is an image '\(other)' already",
                hint: "choose another --name"
            )
        }
        let base = store.path(of: disk, in: image)
        let before = FileSystem.size(base) ?? 0
        let scratch = try ScratchFolder(in: store.folder)
        defer { scratch.remove() }
        let raw = scratch.path / "disk.raw"
        try await DiskConversion(console: console).copy(
            try DiskChain(base, within: []),
            to: raw,
            as: "raw",
            "reading the disk"
        )
        let (files, left) = try await work(on: raw, isDryRun: isDryRun)
        var next = image
        if !isDryRun {
            console.step("packing the disk")
            try Task.checkCancellation()
            next = try await store.publish(raw, format: "raw", asNewVersionOf: image, named: other)
        }
        return ShrinkResult(
            image: next.name,
            version: next.version,
            files: files,
            left: left,
            bytesBefore: before,
            bytesAfter: isDryRun ? nil : next.disk.flatMap { FileSystem.size(store.path(of: $0, in: next)) }
        )
    }

    private func work(
        on raw: HostPath,
        isDryRun: Bool
    ) async throws -> (files: [ShrinkResult.File], left: [String]) {
        var files: [ShrinkResult.File] = []
        var left: [String] = []
        for volume in try ExtTools.layout(of: raw).volumes {
            switch volume.contents {
            case .ext:
                let tools = ExtTools(disk: raw, volume: volume)
                try await tools.replayJournal()
                // What debugfs does to a damaged file system nobody knows; a guest that was cut off leaves one.
                try await tools.repair(discards: false)
                let plan = try plan(tools)
                files += plan.steps.map { report($0, plan, volume) }
                left += plan.unnameable.map(printableName)
                guard !isDryRun else { continue }
                console.step("cleaning \(ExtTools.name(of: volume))")
                try await carryOut(plan, tools)
            case .swap:
                files.append(
                    ShrinkResult.File(
                        partition: volume.partition,
                        path: nil,
                        action: ShrinkRule.Action.zero.rawValue,
                        reason: ShrinkRule.Reason.swap.rawValue,
                        bytes: volume.byteCount
                    )
                )
                guard !isDryRun else { continue }
                try await Self.zero(
                    raw,
                    from: volume.start + SwapArea.headerBytes,
                    count: volume.byteCount - SwapArea.headerBytes
                )
            case .other: continue
            }
        }
        return (files, left)
    }

    private func carryOut(_ plan: ShrinkPlan, _ tools: ExtTools) async throws {
        for step in plan.steps where step.action == .zero {
            try await zeroSwapFile(step, try tools.open(), tools.disk)
        }
        let said = plan.commands.isEmpty ? "" : try await tools.edit(plan.commands)
        try await tools.repair(discards: true)
        try await tools.requireClean()
        // debugfs ends with 0 whatever became of its commands.
        let again = try self.plan(tools)
        if let step = again.steps.first(where: { $0.action != .zero }) {
            throw Failure(
                .system,
                "debugfs did not \(step.action.rawValue) '\(printableName(step.path))': \(said)"
            )
        }
    }

    private func zeroSwapFile(_ step: ShrinkPlan.Step, _ fileSystem: ExtFileSystem, _ disk: HostPath)
        async throws
    {
        for run in try fileSystem.runs(of: step.inode) where !run.isUnwritten {
            let kept = run.offset < SwapArea.headerBytes ? SwapArea.headerBytes - run.offset : 0
            guard kept < run.byteCount else { continue }
            let region = try fileSystem.region(run.place + kept, run.byteCount - kept)
            try await Self.zero(disk, from: region.start, count: region.byteCount)
        }
    }

    /// Makes a part of a file zeroes that take no room.
    private static func zero(_ disk: HostPath, from start: UInt64, count: UInt64) async throws {
        guard count > 0 else { return }
        try await DiskTools.fallocate.run([
            "--punch-hole", "--offset", "\(start)", "--length", "\(count)", disk.string,
        ])
    }

    private func plan(_ tools: ExtTools) throws -> ShrinkPlan {
        do {
            return try ShrinkPlan(try tools.open())
        } catch let error as DiskFormatError {
            throw ExtTools.failure(error, tools.volume)
        }
    }

    private func report(
        _ step: ShrinkPlan.Step,
        _ plan: ShrinkPlan,
        _ volume: DiskLayout.Volume
    ) -> ShrinkResult.File {
        ShrinkResult.File(
            partition: volume.partition,
            path: printableName(plan.guestPath(step)),
            action: step.action.rawValue,
            reason: step.reason.rawValue,
            bytes: step.inode.kind == .directory ? 0 : step.inode.byteCount
        )
    }
}
