import Foundation
import GRDB
import HostSupport
public import RunRecords

extension Catalogue {
    /// Looks for runs.
    ///
    /// - Parameter query: Which ones.
    /// - Returns: The runs.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public func runs(_ query: RunQuery = RunQuery()) throws -> [CataloguedRun] {
        let (text, arguments) = query.sql
        return try read { database in
            try Row.fetchAll(database, sql: text, arguments: arguments).map { CataloguedRun($0) }
        }
    }

    /// Counts runs.
    ///
    /// - Parameter query: Which ones; its order, limit and offset do not matter.
    /// - Returns: How many there are.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public func count(_ query: RunQuery = RunQuery()) throws -> Int {
        let (text, arguments) = query.countSQL
        return try read { try Int.fetchOne($0, sql: text, arguments: arguments) ?? 0 }
    }

    /// The guest images that runs were made of.
    ///
    /// - Parameter limit: The most names.
    /// - Returns: Their names, sorted.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public func images(limit: Int) throws -> [String] {
        try read { database in
            // From one name to the next in the index: there are few names and many runs.
            try String.fetchAll(
                database,
                sql: """
                    WITH RECURSIVE names(name) AS (
                        SELECT min(image) FROM runs
                        UNION ALL SELECT (SELECT min(image) FROM runs WHERE image > name) FROM names
                        WHERE name IS NOT NULL
                    )
                    SELECT name FROM names WHERE name IS NOT NULL LIMIT ?
                    """,
                arguments: [limit]
            )
        }
    }

    /// Looks for a run.
    ///
    /// - Parameter id: Its id.
    /// - Returns: The run; nothing where there is none.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public func run(_ id: String) throws -> CataloguedRun? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id])
                .map { CataloguedRun($0) }
        }
    }

    /// The peers of a run.
    ///
    /// - Parameter id: The run's id.
    /// - Returns: The peers, in the order in which they came.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public func peers(of id: String) throws -> [Peer] {
        try read { database in
            let logins = try Row.fetchAll(
                database,
                sql: "SELECT peer, user FROM logins WHERE run = ? ORDER BY peer, user",
                arguments: [id]
            )
            let users = Dictionary(grouping: logins) { $0["peer"] as Int64 }
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM peers WHERE run = ? ORDER BY number",
                arguments: [id]
            )
            return rows.map { row in
                Peer(row, users: (users[row["number"]] ?? []).map { $0["user"] })
            }
        }
    }

    /// What has changed since an earlier look.
    ///
    /// - Parameters:
    ///   - number: The greatest number that was seen; 0 for all.
    ///   - limit: The most changes.
    /// - Returns: The changes in the order of their numbers; of a run that changed several times the last one.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public func changes(since number: Int64, limit: Int = 1000) throws -> [CatalogueChange] {
        try read { database in
            let runs = try Row.fetchAll(
                database,
                sql: "SELECT * FROM runs WHERE change > ? ORDER BY change LIMIT ?",
                arguments: [number, limit]
            ).map { CataloguedRun($0) }
            let removals = try Row.fetchAll(
                database,
                sql: "SELECT id, change FROM removals WHERE change > ? ORDER BY change LIMIT ?",
                arguments: [number, limit]
            )
            let all =
                runs.map { CatalogueChange(number: $0.change, id: $0.id, run: $0) }
                + removals.map { CatalogueChange(number: $0["change"], id: $0["id"], run: nil) }
            return Array(all.sorted { $0.number < $1.number }.prefix(limit))
        }
    }

    /// The number of the last change; what comes later has a greater one.
    ///
    /// - Returns: The number.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public func lastChange() throws -> Int64 {
        try read { try Int64.fetchOne($0, sql: "SELECT value FROM counter") ?? 0 }
    }

    /// Sums over all runs.
    ///
    /// - Returns: The sums.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be read.
    public func totals() throws -> CatalogueTotals {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT state, count(*) AS runs, total(recordings) AS recordings, total(verified) AS verified,
                        total(bytes) AS bytes, total(peers) AS peers
                    FROM runs GROUP BY state
                    """
            )
            var totals = CatalogueTotals()
            for row in rows {
                totals.states[row["state"]] = row["runs"]
                totals.runs += row["runs"] as Int
                totals.recordings += Int(row["recordings"] as Double)
                totals.verified += Int(row["verified"] as Double)
                totals.bytes += UInt64(row["bytes"] as Double)
                totals.peers += Int(row["peers"] as Double)
            }
            return totals
        }
    }
}
