import Foundation
import GRDB
import Glibc
public import HostSupport
public import RunRecords

/// The run folders of a collection, as they are beside what the catalogue knows of them.
public struct CollectionSurvey: Sendable {
    /// How many run folders there are.
    public private(set) var folders = 0
    /// Those that the catalogue does not know as they are now, or whose runs have not come to their end.
    public private(set) var changed: [RunFolder] = []
    /// The runs whose folders are gone.
    public private(set) var gone: Set<String> = []

    /// How old a folder without a record must be to be taken for a damaged run and not for one that begins.
    private static let youth: TimeInterval = 10

    /// Looks at a collection of which nothing is known.
    ///
    /// - Parameter collection: The collection.
    public init(of collection: HostPath) {
        self.init(of: collection, known: [:], unfinished: [])
    }

    init(of collection: HostPath, known: [String: RecordStamp], unfinished: Set<String>) {
        let runs = collection / "runs"
        gone = Set(known.keys)
        var names: [String] = []
        Self.look(into: runs) { name, stamp in
            folders += 1
            gone.remove(name)
            if known[name] == stamp, !unfinished.contains(name) { return }
            if stamp.bytes < 0, stamp.date.timeIntervalSinceNow > -Self.youth { return }
            names.append(name)
        }
        changed = names.sorted().map { RunFolder(runs / $0) }
    }

    /// Goes through the run folders without making a path of each: there may be a hundred thousand.
    private static func look(into runs: HostPath, _ body: (String, RecordStamp) -> Void) {
        guard let folder = opendir(runs.string) else { return }
        defer { closedir(folder) }
        let descriptor = dirfd(folder)
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // A name that begins with a dot is of something that is not a run yet, or not any more.
            guard !name.hasPrefix(".") else { continue }
            let stamp = RecordStamp(of: name, in: descriptor)
            if stamp.isOfFolder { body(name, stamp) }
        }
    }
}

extension Catalogue {
    /// Looks at the run folders: which are new, have changed, or are of runs that have not come to their end or have a
    /// recording that may be salvaged.
    ///
    /// - Returns: The folders.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public func survey() throws -> CollectionSurvey {
        let unfinished = try read { database in
            try String.fetchSet(
                database,
                sql: """
                    SELECT id FROM runs WHERE state IN ('planned', 'starting', 'ready', 'recording', 'recorded')
                    UNION SELECT id FROM runs JOIN recordings AS cut ON cut.run = runs.id
                    WHERE state = 'failed' AND cut.structure = 'not-ended' AND NOT EXISTS (
                        SELECT 1 FROM recordings AS made WHERE made.run = runs.id AND made.salvaged_from = cut.name
                    )
                    """
            )
        }
        return CollectionSurvey(of: collection, known: try stamps(), unfinished: unfinished)
    }
}
