import Foundation
import GRDB
public import HostSupport
public import RunRecords
import Synchronization

/// The index of a collection's runs: `catalog.sqlite`, which is made of the run folders and never has the only copy of
/// anything.
///
/// Several processes may use it at once. It needs a file system of this host: tasks on other hosts leave it alone.
public final class Catalogue: Sendable {
    /// How the file is used.
    public enum Access: Sendable, Hashable {
        /// It is read and written.
        case writing
        /// It is only read: it, its folder or the file system is not to be written to.
        case reading
        /// There is no file that can be used: the runs' folders were read instead.
        case folders
    }

    /// The collection.
    public let collection: HostPath
    let store: Mutex<CatalogueStore>
    private let console: Console
    private let heals = Mutex(0)

    /// The catalogue's file in a collection.
    public static func file(in collection: HostPath) -> HostPath { collection / "catalog.sqlite" }

    /// Opens a collection's catalogue; one that is not there is made of the run folders.
    ///
    /// A file that is damaged, or that another version made, is put aside as `catalog.sqlite.damaged-TIME`, and a new
    /// one is made.
    ///
    /// - Parameters:
    ///   - collection: The collection.
    ///   - isFilled: Whether a new one is made of the run folders at once, and not by the next ``refresh(progress:)``.
    ///   - console: Where it is told when a file is put aside, and how far a new one is.
    /// - Throws: ``HostSupport/Failure`` where the file cannot be made or written.
    public init(collection: HostPath, isFilled: Bool = true, console: Console = Console(.quiet)) throws {
        self.collection = FileSystem.absolute(collection)
        let opened = try CatalogueStore.open(Self.file(in: self.collection))
        store = Mutex(opened.store)
        self.console = console
        if let aside = opened.aside { tell(of: aside, console) }
        if opened.isNew, isFilled {
            _ = try refresh { console.progress("making the catalogue: \($0) of \($1) runs") }
            console.endProgress()
        }
    }

    /// Opens a collection's catalogue as it is, for reading only.
    ///
    /// - Parameter collection: The collection.
    /// - Throws: ``HostSupport/Failure`` where there is none, or where it cannot be read.
    public convenience init(reading collection: HostPath) throws {
        let collection = FileSystem.absolute(collection)
        do {
            self.init(collection: collection, store: try CatalogueStore.read(Self.file(in: collection)))
        } catch {
            throw Failure(.inputOutput, "the catalogue of \(collection) cannot be read: \(error)")
        }
    }

    func tell(of aside: CatalogueStore.Aside, _ console: Console) {
        console.warning("the catalogue was not usable (\(aside.reason)); it is now \(aside.path)")
    }

    private init(collection: HostPath, store: CatalogueStore) {
        self.collection = collection
        self.store = Mutex(store)
        console = Console(.quiet)
    }

    /// Opens a collection's catalogue for whoever only wants to look: where it cannot be written it is read as it is,
    /// and where it cannot be read the run folders are.
    ///
    /// - Parameters:
    ///   - collection: The collection.
    ///   - console: Where it is told what was not possible.
    /// - Returns: The catalogue, as up to date as it can be.
    /// - Throws: ``HostSupport/Failure`` where the folders cannot be read, either.
    public static func looking(at collection: HostPath, console: Console) throws -> Catalogue {
        let collection = FileSystem.absolute(collection)
        do {
            let catalogue = try Catalogue(collection: collection, console: console)
            _ = try catalogue.refresh()
            return catalogue
        } catch {
            console.detail("the catalogue cannot be written: \(error)")
        }
        if let catalogue = try? Catalogue(reading: collection) { return catalogue }
        console.warning("the catalogue can be neither written nor read: the runs' folders are read instead")
        let catalogue = Catalogue(collection: collection, store: try CatalogueStore.inMemory())
        _ = try catalogue.refresh { console.progress("reading \($0) of \($1) runs") }
        console.endProgress()
        return catalogue
    }

    /// How the file is used.
    public var access: Access { store.withLock(\.access) }

    /// Enters what is known of a run, over what was known before.
    ///
    /// It takes less than a millisecond before the run's engine has ended; then peers and sizes are entered, too.
    ///
    /// - Parameters:
    ///   - record: The run's record, as it was written into its folder.
    ///   - folder: The run's folder.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be written: the run does not suffer.
    public func enter(_ record: RunRecord, in folder: RunFolder) throws {
        try enter([CatalogueEntry(record, in: folder)])
    }

    func enter(_ entries: [CatalogueEntry]) throws {
        try write { database in
            for entry in entries { try entry.enter(into: database) }
        }
    }

    /// Removes runs from the index; their folders are not touched.
    ///
    /// - Parameter ids: The runs' ids; those that are not there do not matter.
    /// - Throws: ``HostSupport/Failure`` where the catalogue cannot be written.
    public func remove(_ ids: [String]) throws {
        guard !ids.isEmpty else { return }
        try write { database in
            for id in ids { try CatalogueEntry.remove(id, from: database) }
        }
    }

    func write<Result: Sendable>(_ body: @Sendable (Database) throws -> Result) throws -> Result {
        try healing { file in try store.withLock { try $0.current(file) }.write(body) }
    }

    func read<Result: Sendable>(_ body: @Sendable (Database) throws -> Result) throws -> Result {
        try healing { file in try store.withLock { try $0.current(file) }.read(body) }
    }

    /// Does something with the database; where the file turns out to be damaged, it is put aside and made anew first.
    private func healing<Result>(_ body: (HostPath) throws -> Result) throws -> Result {
        let file = Self.file(in: collection)
        do {
            return try body(file)
        } catch let error as DatabaseError {
            // A column that is not there is one whose name was damaged: our statements ask for no others.
            let isDamaged = CatalogueStore.isDamage(error)
            // A disk that damages a new file at once is beyond help.
            let mayHeal = heals.withLock { heals in
                heals += 1
                return heals <= 3
            }
            guard isDamaged, mayHeal, access == .writing else { throw CatalogueStore.failure(error, file) }
            let reason = error.message ?? "\(error)"
            tell(of: try store.withLock { try $0.replace(file, because: reason) }, console)
            _ = try refresh()
            return try healing(body)
        }
    }
}
