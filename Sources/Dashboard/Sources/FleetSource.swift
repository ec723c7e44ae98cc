import Fleets
import Foundation
import HostSupport
import Synchronization

/// A fleet that is shown: its status as its process writes it, and whether that runs.
final class FleetSource: Sendable {
    private struct Look {
        var changed: Int64 = -1
        var status: FleetStatus?
        var isRunning = false
        var asked = ContinuousClock.now - .seconds(60)
    }

    /// What a fleet writes every second is old after this.
    private static let patience: TimeInterval = 5

    /// What it is called in addresses.
    let id: String
    let folder: FleetFolder
    private let look = Mutex(Look())

    init(_ folder: FleetFolder, id: String) {
        self.folder = folder
        self.id = id
    }

    /// What it is doing, or did last; nothing where it wrote nothing that can be understood.
    func status(at now: Date = Date()) -> (status: FleetStatus, isRunning: Bool)? {
        look.withLock { look in
            let kind = FileKind(folder.status)
            if kind?.kind != .regular {
                look.status = nil
            } else if let changed = kind?.changed, changed != look.changed {
                look.status = try? FleetStatus.read(from: folder)
                look.changed = changed
            }
            guard let status = look.status else { return nil }
            if status.phase != .stopped, now.timeIntervalSince(status.updated) < Self.patience {
                return (status, true)
            }
            // To ask takes the fleet's lock for a moment, which one that starts wants.
            if ContinuousClock.now - look.asked > .seconds(Self.patience) {
                look.isRunning = FleetProcess.running(folder) != nil
                look.asked = .now
            }
            return (status, look.isRunning)
        }
    }
}
