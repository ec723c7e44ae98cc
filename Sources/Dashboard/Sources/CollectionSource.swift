import Catalogue
import Foundation
import HostSupport
import RunRecords
import Synchronization

/// A collection that is shown.
final class CollectionSource: Sendable {
    /// What takes a look at all runs, and is the same until one of them changes.
    struct Sums: Sendable {
        let change: Int64
        let totals: CatalogueTotals
        let images: [String]
    }

    /// The most images that can be chosen from a list.
    static let imageLimit = 200

    /// Its number among those that are shown, from 1.
    let number: Int
    let path: HostPath
    let catalogue: Catalogue
    private let sums = Mutex<Sums?>(nil)
    private let counts = Mutex<(change: Int64, counts: [RunQuery: Int])>((0, [:]))

    init(_ path: HostPath, number: Int, console: Console) throws {
        let path = FileSystem.absolute(path)
        guard FileSystem.isDirectory(path / "runs") else {
            throw Failure(
                .notFound,
                "there is no collection in \(path)",
                hint: "name one with --collection: a folder that 'pandacap record' has put runs into"
            )
        }
        self.number = number
        self.path = path
        catalogue = try Catalogue.looking(at: path, console: console)
    }

    /// The sums over all runs.
    func totals() throws -> Sums {
        let change = try catalogue.lastChange()
        if let known = sums.withLock({ $0 }), known.change == change { return known }
        let fresh = Sums(
            change: change,
            totals: try catalogue.totals(),
            images: try catalogue.images(limit: Self.imageLimit)
        )
        sums.withLock { $0 = fresh }
        return fresh
    }

    /// How many runs a query finds.
    func count(_ query: RunQuery) throws -> Int {
        let change = try catalogue.lastChange()
        var key = RunQuery()
        key.states = query.states
        key.image = query.image
        key.originName = query.originName
        key.since = query.since
        key.tags = query.tags
        key.text = query.text
        if let known = counts.withLock({ $0.change == change ? $0.counts[key] : nil }) { return known }
        let count = try catalogue.count(query)
        counts.withLock { counts in
            if counts.change != change || counts.counts.count > 1000 { counts = (change, [:]) }
            counts.counts[key] = count
        }
        return count
    }

    /// A run that has a folder; nothing where the name cannot be one's.
    func run(_ id: String) -> (folder: RunFolder, files: RunFiles)? {
        RunFiles(collection: path, run: id).map { (RunFolder(path / "runs" / id), $0) }
    }
}
