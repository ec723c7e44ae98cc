import Foundation
import GRDB
public import HostSupport
import RunRecords
import Synchronization

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
    /// - Parameters:
    ///   - console: Where it is told when a file is put aside.
    ///   - progress: Is told how many of how many folders were read.
    /// - Returns: What was found.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be written.
    public func rebuild(
        console: Console = Console(.quiet),
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Refreshed {
        let file = Self.file(in: collection)
        if let aside = try store.withLock({ try $0.replaceIfDamaged(file) }) { tell(of: aside, console) }
        return try bringUpToDate(
            known: try stamps().mapValues { _ in .unknown },
            progress
        )
    }

    func stamps() throws -> [String: RecordStamp] {
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

    func stamp(of id: String) throws -> RecordStamp? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT record_changed, record_bytes FROM runs WHERE id = ?",
                arguments: [id]
            ).map { RecordStamp(changed: $0[0], bytes: $0[1]) }
        }
    }

    private func bringUpToDate(known: [String: RecordStamp], _ progress: (Int, Int) -> Void) throws
        -> Refreshed
    {
        var result = Refreshed()
        let survey = CollectionSurvey(of: collection, known: known, unfinished: [])
        result.folders = survey.folders
        let changed = survey.changed
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
        try remove(survey.gone.sorted())
        result.removed = survey.gone.count
        return result
    }
}
