import HostSupport
import YAMLFiles

/// A recipe file that was read, with where its keys stand and where its sources lie.
struct RecipeLayer: Sendable {
    let file: RecipeFile
    let places: YAMLPlaces
    /// The folders that sources are looked for in, in this order.
    let folders: [HostPath]

    /// The most recipes that may stand on each other.
    static let deepest = 8

    /// Reads a recipe and those that it stands on.
    ///
    /// - Parameters:
    ///   - recipe: The recipe's file.
    ///   - installation: Where the recipes that come with PANDAcap lie.
    /// - Returns: The layers, the undermost first.
    /// - Throws: ``HostSupport/Failure``, naming the file, the line and the key of what is wrong.
    static func load(_ recipe: HostPath, in installation: Installation) throws -> [RecipeLayer] {
        var layers: [RecipeLayer] = []
        var visited: [HostPath] = []
        var next: HostPath? = recipe
        while let file = next {
            let text = try FileSystem.readText(file, limit: 1 << 20)
            let layer = try parse(text, source: file.string, folders: folders(of: file, installation))
            layers.insert(layer, at: 0)
            visited.append(FileSystem.resolved(file) ?? file)
            next = try layer.file.base.map { base in
                try layer.find(base, from: file, in: installation, after: visited)
            }
        }
        return layers
    }

    /// Reads one file; its own values are checked.
    static func parse(_ text: String, source: String, folders: [HostPath]) throws -> RecipeLayer {
        let (file, places) = try StrictYAML.decode(
            RecipeFile.self,
            from: text,
            source: source,
            checking: \.problems
        )
        return RecipeLayer(file: file, places: places, folders: folders)
    }

    /// Finds a source in one of the folders; a link that leads out of it is refused.
    func source(_ name: String, at path: [String]) throws -> HostPath {
        for folder in folders {
            guard let real = FileSystem.resolved(folder / name), let inside = FileSystem.resolved(folder)
            else { continue }
            guard real.string.hasPrefix(inside.string + "/") else {
                throw failure(path, "leads out of \(folder): '\(name)' is \(real)")
            }
            guard FileSystem.isRegularFile(real) else { throw failure(path, "is no file: \(folder / name)") }
            return real
        }
        let places = folders.map(\.string).joined(separator: " nor in ")
        throw failure(path, "is neither in \(places): '\(name)'")
    }

    /// A failure that leads to a key of this file.
    func failure(_ path: [String], _ problem: String) -> Failure {
        Failure(.configuration, places.finding(path, problem))
    }

    private func find(
        _ base: String,
        from file: HostPath,
        in installation: Installation,
        after visited: [HostPath]
    ) throws -> HostPath {
        let isPath = base.contains("/") || base.hasSuffix(".yaml")
        let found: HostPath =
            isPath
            ? (base.hasPrefix("/") ? HostPath(base) : file.parent / base)
            : installation.recipes / "\(base).yaml"
        guard let real = FileSystem.resolved(found), FileSystem.isRegularFile(real) else {
            throw failure(["base"], "names no recipe: there is no file \(found)")
        }
        guard !visited.contains(real) else {
            throw failure(["base"], "leads back to \(found), which stands on this recipe")
        }
        guard visited.count < Self.deepest else {
            throw failure(["base"], "is one too many: \(Self.deepest) recipes may stand on each other")
        }
        return found
    }

    /// A recipe that comes with PANDAcap has its sources below `guest/`; any other may have them beside it, too.
    private static func folders(of file: HostPath, _ installation: Installation) -> [HostPath] {
        let own = FileSystem.absolute(file).parent
        let isShipped = FileSystem.resolved(own) == FileSystem.resolved(installation.recipes)
        return isShipped ? [installation.guestFiles] : [own, installation.guestFiles]
    }
}
