import Catalogue
import Fleets
import Foundation
public import HostSupport
import Synchronization
import WebServer

/// The dashboard: pages of fleets, runs and a dataset for a browser on this host.
public final class Dashboard: Sendable {
    let settings: DashboardSettings
    let collections: [CollectionSource]
    private let found = Mutex<[FleetSource]>([])
    let dataset: DatasetSource?
    let doorkeeper: Doorkeeper
    let reports: ReportShelf
    let console: Console

    /// Opens what is to be shown.
    ///
    /// - Parameters:
    ///   - settings: What that is; its address has a port.
    ///   - console: Where it is told what is going on.
    /// - Throws: ``HostSupport/Failure`` where a collection, a fleet or the dataset is not there.
    public init(_ settings: DashboardSettings, console: Console) throws {
        self.settings = settings
        self.console = console
        collections = try settings.collections.enumerated().map { index, path in
            try CollectionSource(path, number: index + 1, console: console)
        }
        dataset = try settings.dataset.map { try DatasetSource($0, console: console) }
        doorkeeper = Doorkeeper(port: settings.address.port)
        reports = ReportShelf(settings.report)
        findFleets()
    }

    /// The fleets that were found, in that order.
    var fleets: [FleetSource] { found.withLock { $0 } }

    /// Finds fleets that are new; those that are known keep their addresses.
    func findFleets() {
        let own = collections.flatMap { collection in
            FleetFolder.names(in: collection.path).map { FleetFolder(collection: collection.path, name: $0) }
        }
        found.withLock { found in
            for folder in own + settings.fleets where !found.contains(where: { $0.folder == folder }) {
                let name = folder.path.name
                let count = found.count { $0.folder.path.name == name } + 1
                found.append(FleetSource(folder, id: count == 1 ? name : "\(name)~\(count)"))
            }
        }
    }

    /// The address that lets one browser in, once.
    public var address: String { "http://\(settings.address)/?token=\(doorkeeper.token)" }

    /// Answers until the task is cancelled.
    ///
    /// - Parameter isListening: Is called when browsers may come.
    /// - Throws: ``HostSupport/Failure`` with `unavailable` where it cannot listen; `CancellationError`.
    public func run(isListening: @escaping @Sendable () async -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in try await keepFresh() }
            group.addTask { [self] in
                let server = WebServer(
                    address: settings.address.address,
                    port: settings.address.port,
                    console: console,
                    isListening: isListening,
                    isSlow: Self.isReport
                ) { [self] request in await answer(request) }
                try await server.run()
            }
            defer { group.cancelAll() }
            let ended = await group.nextResult()
            await dataset?.end()
            try ended?.get()
        }
    }

    /// Finds the runs that others make, which takes longer the more runs there are; fleets enter theirs themselves.
    private func keepFresh() async throws {
        var pause = Duration.seconds(1)
        while true {
            try await Task.sleep(for: pause)
            let start = ContinuousClock.now
            findFleets()
            for collection in collections where collection.catalogue.access != .reading {
                do {
                    _ = try collection.catalogue.refresh()
                } catch {
                    console.detail("\(error)")
                }
            }
            pause = max(.seconds(1), (ContinuousClock.now - start) * 20)
        }
    }
}
