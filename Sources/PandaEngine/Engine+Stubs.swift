import HostSupport

extension Engine {
    /// The libraries that the engine wants and that stubs stand for: who calls one of their functions is stopped.
    ///
    /// - Returns: Their names, such as `libwiretap.so.10`; none of an engine that is not a managed one.
    /// - Throws: ``HostSupport/Failure`` where the managed engine's description is damaged.
    public func stubs() throws -> Set<String> {
        guard let folder = libraryFolders.first, let managed = try ManagedEngine.read(folder.parent) else {
            return []
        }
        return Set(managed.libraries.filter { $0.source == .stub }.map(\.name))
    }
}
