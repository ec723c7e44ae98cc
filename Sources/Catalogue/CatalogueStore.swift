import Foundation
import GRDB
import Glibc
import HostSupport

/// The open database, and which file it is: the name may lead to another one by now.
struct CatalogueStore {
    /// What was put aside.
    struct Aside {
        let path: HostPath
        let reason: String
    }

    private(set) var access: Catalogue.Access
    private var database: any DatabaseWriter
    private var inode: UInt64?

    /// Opens the file, and makes a new one where it is not there or cannot be used.
    static func open(_ file: HostPath) throws -> (store: CatalogueStore, isNew: Bool, aside: Aside?) {
        try FileSystem.createDirectory(file.parent)
        do {
            // Only one process makes it, or puts it aside.
            let lock = try FileLock(file.parent / ".catalog.lock")
            defer { withExtendedLifetime(lock) {} }
            do {
                let isNew = !FileSystem.exists(file)
                return (try make(file), isNew, nil)
            } catch let error where isDamage(error) {
                let reason = (error as? DatabaseError)?.message ?? "\(error)"
                let aside = Aside(path: try putAside(file), reason: reason)
                return (try make(file), true, aside)
            }
        } catch let error as DatabaseError {
            throw failure(error, file)
        }
    }

    private static func make(_ file: HostPath) throws -> CatalogueStore {
        let pool = try DatabasePool(path: file.string, configuration: configuration(readOnly: false))
        try require(pool)
        try CatalogueSchema.migrator.migrate(pool)
        return CatalogueStore(access: .writing, database: pool, inode: inode(of: file))
    }

    /// Opens the file for reading.
    static func read(_ file: HostPath) throws -> CatalogueStore {
        let pool = try DatabasePool(path: file.string, configuration: configuration(readOnly: true))
        try require(pool)
        guard try pool.read(CatalogueSchema.migrator.hasCompletedMigrations) else { throw Foreign() }
        return CatalogueStore(access: .reading, database: pool, inode: nil)
    }

    /// Makes an empty one that no file has.
    static func inMemory() throws -> CatalogueStore {
        let queue = try DatabaseQueue(configuration: configuration(readOnly: false))
        try CatalogueSchema.migrator.migrate(queue)
        return CatalogueStore(access: .folders, database: queue, inode: nil)
    }

    /// The database; that of the name's new file where it was put aside.
    mutating func current(_ file: HostPath) throws -> any DatabaseWriter {
        if let inode, Self.inode(of: file) != inode { self = try Self.make(file) }
        return database
    }

    /// Looks at all of the file, and makes a new one where it is damaged.
    mutating func replaceIfDamaged(_ file: HostPath) throws -> Aside? {
        guard access == .writing else { return nil }
        let reason: String?
        do {
            let found = try current(file).read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") }
            reason = found == "ok" ? nil : found
        } catch let error as DatabaseError where Self.isDamage(error) {
            reason = error.message
        } catch let error as DatabaseError {
            throw Self.failure(error, file)
        }
        return try reason.map { try replace(file, because: $0) }
    }

    /// Puts the file aside, and makes a new one.
    mutating func replace(_ file: HostPath, because reason: String) throws -> Aside {
        let lock = try FileLock(file.parent / ".catalog.lock")
        defer { withExtendedLifetime(lock) {} }
        let aside = Aside(path: try Self.putAside(file), reason: reason)
        self = try Self.make(file)
        return aside
    }

    static func failure(_ error: DatabaseError, _ file: HostPath) -> Failure {
        let words = "the catalogue \(file): \(error.message ?? "\(error)")"
        return isDamage(error)
            ? Failure(.badData, words, hint: "make it anew of the run folders: 'pandacap catalog rebuild'")
            : Failure(.inputOutput, words)
    }

    /// A database of another program's, or of another version of this one.
    private struct Foreign: Error, CustomStringConvertible {
        let description = "another version of pandacap, or another program, made it"
    }

    private static func require(_ reader: any DatabaseReader) throws {
        try reader.read { database in
            let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            let tables = try String.fetchSet(database, sql: "SELECT name FROM sqlite_master")
            guard !tables.isEmpty else { return }
            guard application == CatalogueSchema.application, tables.isSuperset(of: CatalogueSchema.tables),
                try !CatalogueSchema.migrator.hasBeenSuperseded(database)
            else { throw Foreign() }
        }
    }

    static func isDamage(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return error is Foreign }
        return [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR].contains(error.resultCode.primaryResultCode)
    }

    static func putAside(_ file: HostPath) throws -> HostPath {
        let stamp = Date().formatted(
            Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        )
        var target = HostPath("\(file).damaged-\(stamp)")
        var number = 2
        while FileSystem.exists(target) {
            target = HostPath("\(file).damaged-\(stamp)-\(number)")
            number += 1
        }
        try FileSystem.rename(file, to: target)
        for suffix in ["-wal", "-shm"] where FileSystem.exists(HostPath(file.string + suffix)) {
            try FileSystem.rename(HostPath(file.string + suffix), to: HostPath(target.string + suffix))
        }
        return target
    }

    private static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        // Others write for a moment only.
        configuration.busyMode = .timeout(10)
        configuration.label = "catalogue"
        return configuration
    }

    private static func inode(of file: HostPath) -> UInt64? {
        var status = stat()
        return stat(file.string, &status) == 0 ? UInt64(status.st_ino) : nil
    }
}
