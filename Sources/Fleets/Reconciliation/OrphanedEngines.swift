import Foundation
import Glibc
import HostSupport
import PandaEngine
import RunRecords

/// Engines of this host whose capture died, and which go on all the same.
///
/// The launcher ends an engine when its capture is gone. What is left has lost the launcher, too, or does not answer.
enum OrphanedEngines {
    /// A process, told from a later one with its number.
    struct Engine: Sendable, Hashable {
        let identifier: Int32
        let start: UInt64

        var isThere: Bool { ProcessIdentity.startTicks(of: identifier) == start }

        func signal(_ number: Int32) { if isThere { kill(identifier, number) } }
    }

    /// The engines that work in runs' folders, by the folder.
    ///
    /// An engine is what works in a run's `rr` and either is our launcher's program or has the run's own command line:
    /// a shell that a user has opened there is neither.
    static func find(in runs: HostPath) -> [HostPath: [Engine]] {
        guard let runs = FileSystem.resolved(runs) else { return [:] }
        var found: [HostPath: [Engine]] = [:]
        for name in FileSystem.list("/proc") {
            guard let identifier = Int32(name), identifier != ProcessIdentity.current,
                let place = FileSystem.resolved(HostPath("/proc/\(name)/cwd")), place.parent.parent == runs,
                let start = ProcessIdentity.startTicks(of: identifier)
            else { continue }
            let folder = RunFolder(place.parent)
            guard place == folder.recordings, isEngine(identifier, of: folder) else { continue }
            found[folder.path, default: []].append(Engine(identifier: identifier, start: start))
        }
        return found
    }

    private static func isEngine(_ identifier: Int32, of folder: RunFolder) -> Bool {
        let program = FileSystem.resolved(HostPath("/proc/\(identifier)/exe"))?.name
        if program == Launcher.library.rawValue { return true }
        guard let record = try? RunRecord.read(from: folder),
            let text = try? FileSystem.readText(HostPath("/proc/\(identifier)/cmdline"), limit: 1 << 20)
        else { return false }
        let arguments = text.split(separator: "\0", omittingEmptySubsequences: false).dropFirst().dropLast()
            .map(String.init)
        return arguments.count >= 8 && record.command.arguments.suffix(arguments.count) == arguments
    }

    /// Ends engines: by SIGTERM, at which they close what they record; by SIGKILL where that does not help.
    static func end(_ engines: [Engine], grace: Duration = .seconds(10)) async throws {
        for engine in engines { engine.signal(SIGTERM) }
        // One that was stopped takes no signal before it goes on.
        for engine in engines { engine.signal(SIGCONT) }
        func areGone() -> Bool? { engines.contains { $0.isThere && !$0.isDead } ? nil : true }
        if try await poll(for: grace, until: areGone) != nil { return }
        for engine in engines { engine.signal(SIGKILL) }
        _ = try await poll(for: .seconds(5), until: areGone)
    }
}

extension OrphanedEngines.Engine {
    /// Whether it has ended, and nobody has asked how.
    fileprivate var isDead: Bool {
        let text = (try? FileSystem.readText(HostPath("/proc/\(identifier)/stat"))) ?? ""
        return text.split(separator: ")").last.map { $0.hasPrefix(" Z") } ?? true
    }
}
