import Foundation
import Glibc
import HostSupport
import TraceStore

/// Restores packed files of a volume: each reference once, and what was packed against it from there.
struct Restoration: Sendable {
    /// A file to be restored.
    struct Item: Sendable {
        let file: DatasetFile
        /// Where to; nothing where it is only to be seen that it can be.
        let target: HostPath?
    }

    /// A file that cannot be restored.
    struct Problem: Sendable {
        let path: String
        let message: String
    }

    let volume: ArrivedDataset.Volume
    /// A folder for what is needed for a while.
    let scratch: HostPath
    let jobs: Int?
    let progress: @Sendable (DatasetFile) -> Void

    /// Restores files, each of which is compared with its digest before it gets its name.
    ///
    /// - Parameter items: The files; of those with a place each lies in another.
    /// - Returns: Those that cannot be restored.
    /// - Throws: `Failure` where it does not fit on the disk, or where the user asked for the end.
    func restore(_ items: [Item]) async throws -> [Problem] {
        let recordings = volume.index.recordingFiles
        let groups = Dictionary(grouping: items.filter { $0.file.restored?.reference != nil }) {
            $0.file.restored?.reference ?? ""
        }
        let largest = items.map { $0.file.restored?.bytes ?? 0 }.max() ?? 0
        let limit = BoundedWork.jobs(jobs, largest: largest)
        let alone = items.filter { $0.file.restored?.reference == nil && groups[$0.file.path] == nil }
        var problems = try await BoundedWork.map(alone, atOnce: limit) { try await restore($0, against: nil) }
        for (path, members) in groups.sorted(by: { $0.key < $1.key }) {
            guard let reference = recordings[path], let restored = reference.restored else { continue }
            let whole = scratch / restored.sha256
            let found = try await restore(Item(file: reference, target: whole), against: nil)
            problems.append(found)
            if found == nil {
                // The reference of a group may be wanted itself.
                for item in items where item.file.path == path {
                    if let target = item.target { try await share(whole, as: target) }
                }
                problems += try await BoundedWork.map(members, atOnce: limit) {
                    try await restore($0, against: whole)
                }
                try FileSystem.remove(whole)
            } else {
                problems += members.map {
                    Problem(path: $0.file.path, message: "what it was packed against cannot be restored")
                }
            }
        }
        return problems.compactMap { $0 }
    }

    private func restore(_ item: Item, against reference: HostPath?) async throws -> Problem? {
        guard let restored = item.file.restored else { return nil }
        progress(item.file)
        do {
            let packed = try volume.path(of: item.file)
            // Where a process that was killed leaves nothing behind for long.
            let whole = scratch / "\(UUID().uuidString)"
            let room = try FileSystem.freeSpace(at: scratch)
            guard restored.bytes <= room.bytes else {
                throw Failure(
                    .cannotCreate,
                    "data/\(item.file.path) comes to \(ByteSize(bytes: restored.bytes)), and there is room for \(room)"
                )
            }
            try await namingStore {
                try await FileUnpacker().unpack(
                    packed,
                    against: reference,
                    to: whole,
                    expecting: .init(bytes: restored.bytes, sha256: restored.sha256)
                )
            }
            if let target = item.target {
                try FileSystem.rename(whole, to: target)
            } else {
                try FileSystem.remove(whole)
            }
            return nil
        } catch let failure as Failure where failure.code == .badData {
            return Problem(path: item.file.path, message: failure.message)
        }
    }

    private func share(_ source: HostPath, as target: HostPath) async throws {
        let draft = scratch / "\(UUID().uuidString)"
        try await FileSystem.share(source, as: draft)
        try FileSystem.rename(draft, to: target)
    }
}
