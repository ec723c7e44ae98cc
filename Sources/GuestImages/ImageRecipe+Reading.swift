public import HostSupport

extension ImageRecipe {
    /// Reads a recipe.
    ///
    /// - Parameter file: A YAML file.
    /// - Returns: The recipe, checked.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/configuration``, naming the file, the
    ///   line and the key of everything that is wrong.
    public static func read(_ file: HostPath) throws -> ImageRecipe {
        try parse(try FileSystem.readText(file, limit: 1 << 20), source: file.string)
    }

    /// Finds a recipe by its name among those that come with PANDAcap, or by its path.
    ///
    /// - Parameters:
    ///   - text: A name such as `tiny`, or a path, which has a slash or ends in `.yaml`.
    ///   - installation: Where the recipes that come with PANDAcap lie.
    /// - Returns: The recipe, checked.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/notFound``, naming the recipes there
    ///   are; what ``read(_:)`` throws.
    public static func find(_ text: String, in installation: Installation) throws -> ImageRecipe {
        if text.contains("/") || text.hasSuffix(".yaml") { return try read(HostPath(text)) }
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
        return try read(file)
    }

    static func parse(_ text: String, source: String) throws -> ImageRecipe {
        let (recipe, places) = try StrictYAML.decode(ImageRecipe.self, from: text, source: source)
        let findings = recipe.problems.map { places.finding($0.path, $0.text) }
        guard findings.isEmpty else { throw Failure(.configuration, findings.joined(separator: "\n")) }
        return recipe
    }
}
