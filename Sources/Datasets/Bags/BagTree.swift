import HostSupport

/// What lies in a bag's folder.
struct BagTree {
    /// The paths of regular files below the folder.
    private(set) var files: [String] = []
    /// The paths of what no bag of ours may hold: symbolic links, devices, and names that are not ASCII.
    private(set) var others: [String] = []

    init(_ folder: HostPath) {
        walk(folder, "")
        files.sort()
        others.sort()
    }

    private mutating func walk(_ folder: HostPath, _ prefix: String) {
        for name in FileSystem.list(folder) {
            let path = prefix + name
            switch FileKind(folder / name)?.kind {
            case _ where !name.isASCII: others.append(path)
            case .regular: files.append(path)
            case .folder: walk(folder / name, path + "/")
            default: others.append(path)
            }
        }
    }
}
