public import HostSupport

extension RunFolder {
    /// The folder of a run that the user named.
    ///
    /// - Parameters:
    ///   - name: A run's folder, its `run.json`, a recording's path prefix or one of its files, or a run's id.
    ///   - collection: Where a run's id is looked up.
    /// - Returns: The folder; nothing where it names no run.
    public static func find(_ name: String, in collection: HostPath) -> RunFolder? {
        let path = FileSystem.absolute(HostPath(name))
        // A file of a run is there, and a recording's prefix, which is not, is below the run's 'rr'. Anything else of
        // that name is no part of the run above it, least of all another run's id.
        var places = [path]
        if FileSystem.exists(path) { places.append(path.parent) }
        if path.parent == RunFolder(path.parent.parent).recordings { places.append(path.parent.parent) }
        places.append(FileSystem.absolute(collection) / "runs" / name)
        guard !name.isEmpty else { return nil }
        return places.map { RunFolder($0) }.first { FileSystem.exists($0.record) }
    }
}
