import Foundation
import Glibc
import HostSupport

/// The process that runs a fleet, as other processes see it.
public struct FleetProcess: Sendable, Codable {
    /// Its identifier.
    public let identifier: Int32
    /// When it was started, in ticks since the host's boot: another process may get its number.
    let start: UInt64

    /// Takes the fleet's lock for this process, and writes down which process has it.
    static func claim(_ folder: FleetFolder) throws -> FileLock {
        try FileSystem.createDirectory(folder.path)
        let lock: FileLock
        do {
            lock = try FileLock(unlessHeld: folder.lock)
        } catch let failure as Failure where failure.code == .timeout {
            throw Failure(
                .unavailable,
                "the fleet '\(folder.path.name)' is running already",
                hint: "see 'pandacap fleet status', and end it with 'pandacap fleet drain'"
            )
        }
        let own = FleetProcess(
            identifier: ProcessIdentity.current,
            start: ProcessIdentity.startTicks(of: ProcessIdentity.current) ?? 0
        )
        try FileSystem.write(try JSONText.encode(own), to: folder.process)
        return lock
    }

    /// The process that runs a fleet now.
    ///
    /// - Parameter folder: The fleet's folder.
    /// - Returns: The process; nothing where the fleet does not run.
    public static func running(_ folder: FleetFolder) -> FleetProcess? {
        guard FileSystem.exists(folder.lock), (try? FileLock(unlessHeld: folder.lock)) == nil,
            let data = try? FileSystem.read(folder.process, limit: 4096),
            let process = try? JSONText.decode(FleetProcess.self, from: data, source: folder.process.string),
            ProcessIdentity.startTicks(of: process.identifier) == process.start
        else { return nil }
        return process
    }

    /// Asks it to drain the fleet, or to end it at once; nobody waits for that.
    ///
    /// - Parameters:
    ///   - folder: The fleet's folder.
    ///   - hurries: Whether nothing is replayed any more.
    /// - Throws: ``HostSupport/Failure`` where this user may not; `CancellationError`.
    public func askToEnd(_ folder: FleetFolder, hurries: Bool) async throws {
        let phase = try? FleetStatus.read(from: folder).phase
        if phase != .draining { try askToEnd() }
        guard hurries else { return }
        // Two signals at once may arrive as one.
        try await Task.sleep(for: .milliseconds(300))
        if FleetProcess.running(folder) != nil { try askToEnd() }
    }

    /// Asks it to end: once to drain, once more to hurry.
    ///
    /// - Throws: ``HostSupport/Failure`` where this user may not.
    private func askToEnd() throws {
        guard kill(identifier, SIGTERM) == 0 else {
            throw Failure(.notPermitted, "cannot signal the process \(identifier): \(systemMessage(errno))")
        }
    }
}
