public import HostSupport

extension Variables {
    /// The bundle that a variable names.
    ///
    /// A path in a file of variables starts in that file's folder, any other in the working folder; a name without a
    /// slash is that of a bundle that comes with PANDAcap.
    ///
    /// - Parameters:
    ///   - key: The variable.
    ///   - installation: Where the bundles that come with PANDAcap lie.
    /// - Returns: The bundle; nothing where the variable is empty, or nobody sets it.
    /// - Throws: ``HostSupport/Failure`` where there is no such bundle, or something is wrong with it.
    public func bundle(_ key: String, in installation: Installation) throws -> BootstrapBundle? {
        guard let variable = all.first(where: { $0.key == key }), !variable.value.isEmpty else { return nil }
        guard variable.value.contains("/"), case .file(let file, _) = variable.origin else {
            return try BootstrapBundle.find(variable.value, in: installation)
        }
        return try BootstrapBundle(file.parent / variable.value, in: installation)
    }
}
