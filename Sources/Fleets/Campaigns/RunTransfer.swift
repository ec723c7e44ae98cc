import Foundation
import Glibc
import HostSupport
import RunRecords

/// Moves a finished run from one collection to another, which may be on another file system: it is there whole or not
/// at all.
struct RunTransfer: Sendable {
    private let source: HostPath
    private let target: HostPath
    private let console: Console

    init(from source: HostPath, to target: HostPath, console: Console) {
        self.source = source
        self.target = target
        self.console = console
    }

    /// Moves a run's folder, and brings the disks that its own lies over.
    ///
    /// - Parameter folder: The folder, in the first collection.
    /// - Throws: ``HostSupport/Failure`` where it cannot be copied; what there was is left then.
    func move(_ folder: RunFolder) async throws {
        let final = target / "runs" / folder.path.name
        guard !FileSystem.exists(final) else {
            // Another node made that attempt meanwhile. Nothing is thrown away.
            let aside = HostPath("\(folder.path).left-\(UUID().uuidString.prefix(8))")
            try FileSystem.rename(folder.path, to: aside)
            console.warning("there is a run \(final) already; the other one was left in \(aside)")
            return
        }
        try FileSystem.createDirectory(final.parent)
        if FileSystem.exists(folder.disk) { try await bringDisks() }
        let draft = final.draft
        try FileSystem.remove(draft)
        do {
            try await Tool("cp", package: "coreutils").run([
                "--archive", "--reflink=auto", "--sparse=always", "--", folder.path.string, draft.string,
            ])
            try Self.sync(draft)
            try FileSystem.rename(draft, to: final)
            try Self.syncFile(final.parent)
        } catch {
            try? FileSystem.remove(draft)
            throw error
        }
        try FileSystem.remove(folder.path)
    }

    /// The disks beneath have their places beside the runs, by the same relative paths in each collection.
    private func bringDisks() async throws {
        for shelf in FileSystem.list(source / "disks") {
            try FileSystem.createDirectory(target / "disks" / shelf)
            for layer in FileSystem.list(source / "disks" / shelf) where !layer.hasPrefix(".") {
                let place = target / "disks" / shelf / layer
                if FileSystem.exists(place) { continue }
                try await FileSystem.share(source / "disks" / shelf / layer, as: place)
            }
        }
    }

    /// Makes sure that all below a path is on its disk.
    private static func sync(_ path: HostPath) throws {
        switch FileKind(path)?.kind {
        case .folder:
            for name in FileSystem.list(path) { try sync(path / name) }
            try syncFile(path)
        case .regular:
            try syncFile(path)
        case .link, .special, nil:
            break
        }
    }

    private static func syncFile(_ path: HostPath) throws {
        let file = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            throw Failure(.inputOutput, "cannot open \(path): \(systemMessage(errno))")
        }
        defer { close(file) }
        guard fsync(file) == 0 else {
            throw Failure(.inputOutput, "cannot write \(path) to its disk: \(systemMessage(errno))")
        }
    }
}
