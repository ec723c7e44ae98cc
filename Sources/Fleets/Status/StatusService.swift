import Foundation
import HostSupport
import ServiceLifecycle
import Synchronization

/// Writes down every second what the fleet is doing, for `fleet status`, Prometheus and whoever else wants to know.
struct StatusService: Service {
    let folder: FleetFolder
    let board: FleetBoard
    let queue: VerificationQueue
    let space: CollectionSpace
    let catalogue: RunIndex
    let console: Console

    /// Writes until the fleet has ended.
    ///
    /// - Throws: `CancellationError`.
    func run() async throws {
        var wasWritten = true
        while !Task.isShuttingDownGracefully {
            space.measure(used: catalogue.bytes)
            board.update { [free = space.free] in $0.freeBytes = free?.bytes }
            let isWritten = write()
            // A full disk is told once and not every second.
            if !isWritten, wasWritten { console.warning("cannot write \(folder.status)") }
            wasWritten = isWritten
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) }
            try Task.checkCancellation()
        }
        _ = write()
    }

    /// Writes what is going on now; a crash may lose it, and the next second has it again.
    private func write() -> Bool {
        let status = board.status(queue.status)
        return (try? FileSystem.replace(folder.status, with: JSONText.encode(status))) != nil
    }
}
