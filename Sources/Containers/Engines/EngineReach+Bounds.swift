import Foundation
import HostSupport
import PandaEngine

extension EngineReach {
    /// What an engine of this host is kept within.
    ///
    /// - Parameters:
    ///   - workingFolder: Where it runs.
    ///   - isConfined: Whether the kernel can confine files and ports.
    /// - Returns: The bounds.
    func bounds(_ workingFolder: HostPath, isConfined: Bool) -> EngineBounds {
        var bounds = EngineBounds(
            writable: [workingFolder] + writable,
            readable: readable + (pluginFolder.map { [$0] } ?? [])
                + partlyReadable.sorted { $0.key < $1.key }.flatMap(\.value)
                + Self.files(in: named, from: workingFolder) + filesOfDisplay,
            network: network,
            limits: limits,
            isConfined: isConfined
        )
        bounds.sharesAbstractSockets = display != nil
        return bounds
    }

    /// What a window's libraries read: fonts, themes, keyboards, and the key to the display.
    private var filesOfDisplay: [HostPath] {
        guard display != nil else { return [] }
        let environment = ProcessInfo.processInfo.environment
        let key = environment["XAUTHORITY"] ?? environment["HOME"].map { $0 + "/.Xauthority" }
        let places =
            ["/usr/share", "/etc/fonts", "/etc/gtk-3.0", "/etc/X11", "/etc/passwd"] + (key.map { [$0] } ?? [])
        return places.map { HostPath($0) }.filter(FileSystem.exists)
    }

    /// Files and folders that exist and that words name, alone or as the value of an option.
    ///
    /// Separators are taken for a path's own, too: only its file tells.
    static func files(in words: [String], from folder: HostPath) -> [HostPath] {
        let separators: Set<Character> = [",", ";", ":", "="]
        let candidates = words.flatMap { word in
            let rests = word.indices.filter { separators.contains(word[$0]) }.map {
                word[word.index(after: $0)...]
            }
            return ([word[...]] + rests + word.split { separators.contains($0) }).map(String.init)
        }
        return candidates.filter { $0.contains("/") }.map { folder / $0 }.filter { path in
            // Nobody means all there is.
            FileSystem.exists(path) && FileSystem.resolved(path)?.string != "/"
        }.uniqued()
    }
}
