import Foundation
import HostSupport
import ServiceLifecycle

/// Writes down every second what the fleet is doing, for `fleet status`, Prometheus and whoever else wants to know.
struct StatusService: Service {
    let folder: FleetFolder
    let crew: FleetCrew

    /// Writes until the fleet has ended.
    ///
    /// - Throws: `CancellationError`.
    func run() async throws {
        while !Task.isShuttingDownGracefully {
            crew.space.measure { crew.catalogue.bytes }
            crew.board.update { [free = crew.space.free] in $0.freeBytes = free?.bytes }
            write()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
            try Task.checkCancellation()
        }
    }

    /// Writes what is going on now; a crash may lose it, and the next second has it again.
    ///
    /// - Returns: What is going on now.
    @discardableResult
    func write() -> FleetStatus {
        let status = crew.board.status(crew.queue.status)
        do {
            try FileSystem.replace(folder.status, with: JSONText.encode(status))
        } catch {
            // A full disk ends no fleet, and whoever looks sees by `updated` that it is an old status.
            crew.console.detail("\(error)")
        }
        return status
    }
}
