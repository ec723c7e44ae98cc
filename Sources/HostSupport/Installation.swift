import Foundation

/// Where the files that belong to the program lie: recipes, and what is put into guests.
public struct Installation: Sendable {
    /// The folder with `recipes/` and `guest/`: the source tree, or `share/pandacap` of an installation.
    public let root: HostPath

    /// Describes an installation whose files are in `root`.
    public init(root: HostPath) {
        self.root = root
    }

    /// Recipes of guest images.
    public var recipes: HostPath { root / "recipes" }
    /// Ready bootstrap bundles, and what all bundles share.
    public var bootstrap: HostPath { root / "bootstrap" }
    /// What is put into container images: the init, and what else runs in containers.
    public var containerFiles: HostPath { root / "container" }
    /// What is put into guests, as source: scripts and configuration.
    public var guestFiles: HostPath { root / "guest" }

    /// The folder with programs for guests, made by `make guest`.
    ///
    /// - Returns: The folder with `recctrlu-ARCH`.
    /// - Throws: ``Failure`` with ``Failure/Code/unavailable`` where they were not made.
    public func guestPrograms() throws -> HostPath {
        let places = [root / ".build/guest", root / "guest/bin"]
        if let found = places.first(where: { FileSystem.exists($0 / "recctrlu-x86_64") }) { return found }
        throw Failure(
            .unavailable,
            "the programs for guests are neither in \(places.map(\.string).joined(separator: " nor in "))",
            hint: "run 'make guest'"
        )
    }

    /// Finds the files that belong to this executable.
    ///
    /// - Returns: What `PANDACAP_SHARE` names, else `../share/pandacap` beside the executable's folder, else the
    ///   source tree that the executable was built in.
    /// - Throws: ``Failure`` with ``Failure/Code/unavailable``, naming the places.
    public static func locate() throws -> Installation {
        if let named = ProcessInfo.processInfo.environment["PANDACAP_SHARE"], !named.isEmpty {
            let root = FileSystem.absolute(HostPath(named))
            guard FileSystem.isDirectory(root / "recipes") else {
                throw Failure(.unavailable, "PANDACAP_SHARE is \(root), where there are no recipes")
            }
            return Installation(root: root)
        }
        let folder = executable.parent
        let installed = folder.parent / "share/pandacap"
        if FileSystem.isDirectory(installed / "recipes") { return Installation(root: installed) }
        var above = folder
        while above != above.parent {
            if FileSystem.exists(above / "Package.swift"), FileSystem.isDirectory(above / "recipes") {
                return Installation(root: above)
            }
            above = above.parent
        }
        throw Failure(
            .unavailable,
            "the recipes are neither in \(installed) nor in a source tree above \(folder)",
            hint: "set PANDACAP_SHARE to the folder that has 'recipes' and 'guest'"
        )
    }

    /// This process's executable, symbolic links resolved.
    public static var executable: HostPath {
        FileSystem.resolved("/proc/self/exe") ?? HostPath(ProcessInfo.processInfo.arguments[0])
    }
}
