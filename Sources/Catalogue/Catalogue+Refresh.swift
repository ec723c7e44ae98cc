import Foundation
import GRDB
import HostSupport
import RunRecords

extension Catalogue {
    /// What came of holding the index against the run folders.
    public struct Refreshed: Sendable, Hashable, Codable {
        /// How many run folders there are.
        public var folders = 0
        /// How many of them were read, for they were new or changed.
        public var read = 0
        /// How many runs were removed from the index, whose folders are gone.
        public var removed = 0
        /// How many of those that were read are damaged.
        public var damaged = 0
    }

    /// Enters what is new or has changed in the run folders, and forgets what is gone.
    ///
    /// - Parameter progress: Is told how many of how many folders were read.
    /// - Returns: What was found.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be written.
    public func refresh(progress: (Int, Int) -> Void = { _, _ in }) throws -> Refreshed {
        try bringUpToDate(known: try stamps(), progress)
    }

    /// Makes the index anew of the run folders; a file that turns out to be damaged is put aside.
    ///
    /// - Parameter progress: Is told how many of how many folders were read.
    /// - Returns: What was found.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be written.
    public func rebuild(progress: (Int, Int) -> Void = { _, _ in }) throws -> Refreshed {
        try bringUpToDate(
            known: try stamps().mapValues { _ in RecordStamp(changed: .min, bytes: .min) },
            progress
        )
    }

    private func stamps() throws -> [String: RecordStamp] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT id, record_changed, record_bytes FROM runs"
            )
            var stamps: [String: RecordStamp] = [:]
            while let row = try rows.next() {
                stamps[row[0]] = RecordStamp(changed: row[1], bytes: row[2])
            }
            return stamps
        }
    }

    private func bringUpToDate(known: [String: RecordStamp], _ progress: (Int, Int) -> Void) throws
        -> Refreshed
    {
        var result = Refreshed()
        var gone = Set(known.keys)
        var changed: [RunFolder] = []
        for name in FileSystem.list(collection / "runs") {
            let folder = RunFolder(collection / "runs" / name)
            guard FileSystem.isDirectory(folder.path) else { continue }
            result.folders += 1
            gone.remove(name)
            if known[name] != RecordStamp(folder) { changed.append(folder) }
        }
        // In small pieces: others want to write, too.
        for start in stride(from: 0, to: changed.count, by: 64) {
            let entries = changed[start..<min(start + 64, changed.count)].map {
                CatalogueEntry(reading: $0)
            }
            try enter(entries)
            result.read += entries.count
            result.damaged += entries.count(where: \.isDamaged)
            progress(result.read, changed.count)
        }
        try remove(gone.sorted())
        result.removed = gone.count
        return result
    }
}
