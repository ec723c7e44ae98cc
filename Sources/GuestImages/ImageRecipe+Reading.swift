public import HostSupport

extension ImageRecipe {
    /// Reads a recipe.
    ///
    /// - Parameters:
    ///   - file: A YAML file.
    ///   - installation: Where the recipes that it may stand on, and their sources, lie.
    /// - Returns: The recipe, checked.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/configuration``, naming the file, the
    ///   line and the key of everything that is wrong.
    public static func read(_ file: HostPath, in installation: Installation) throws -> ImageRecipe {
        try ImageRecipe(try RecipeLayer.load(file, in: installation))
    }

    /// Finds a recipe by its name among those that come with PANDAcap, or by its path.
    ///
    /// - Parameters:
    ///   - text: A name such as `tiny`, or a path, which has a slash or ends in `.yaml`.
    ///   - installation: Where the recipes that come with PANDAcap lie.
    /// - Returns: The recipe, checked.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/notFound``, naming the recipes there
    ///   are; what ``read(_:in:)`` throws.
    public static func find(_ text: String, in installation: Installation) throws -> ImageRecipe {
        if text.contains("/") || text.hasSuffix(".yaml") { return try read(HostPath(text), in: installation) }
        let file = installation.recipes / "\(text).yaml"
        guard FileSystem.exists(file) else {
            let names = FileSystem.list(installation.recipes)
                .filter { $0.hasSuffix(".yaml") }
                .map { String($0.dropLast(".yaml".count)) }
            throw Failure(
                .notFound,
                "there is no recipe '\(text)' in \(installation.recipes)",
                hint: names.isEmpty ? nil : "there are: \(names.joined(separator: ", "))"
            )
        }
        return try read(file, in: installation)
    }
}
