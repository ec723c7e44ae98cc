import Foundation

/// What an engine says of itself when it is asked for help, which begins as its `-version` does.
public struct EngineHelp: Sendable, Hashable {
    /// The first line of `-version`, without the copyright.
    public let version: String
    /// When it was built, where it says so.
    public let buildDate: String?
    /// Whether it can record and replay: stock QEMU cannot.
    public let isPanda: Bool
    /// Whether it offers `-complete-rr-snapshot`; older engines always store complete snapshots.
    public let hasCompleteSnapshotOption: Bool
    /// The window system that it shows guests' displays with, as `-display` takes it; nothing where it has none.
    public let windowSystem: String?

    /// Reads the help; nothing where it does not tell a version.
    ///
    /// - Parameter text: What the engine printed.
    public init?(_ text: String) {
        let lines = text.split(separator: "\n").map(String.init)
        guard let line = lines.first(where: { $0.contains("version") }) else { return nil }
        // "QEMU emulator version 2.9.1 (v2.9.1-...), Copyright (c) ..."
        version = line.components(separatedBy: ", Copyright")[0]
        buildDate = lines.first { $0.hasPrefix("Build date ") }.map { String($0.dropFirst(11)) }
        isPanda = text.contains("-panda")
        hasCompleteSnapshotOption = text.contains("-complete-rr-snapshot")
        // The help names every back end there is, and the one that is used by default: the best of those built in.
        windowSystem = text.firstMatch(of: /default display is equivalent to\s+"-display (gtk|sdl)/)
            .map { String($0.1) }
    }
}
