import HostSupport

/// Looks through a bundle's folder and collects what goes where, and all that is wrong with it.
struct BundleScan {
    let folder: HostPath
    /// Where links may lead: into the bundle; for those that come with PANDAcap, also into each other.
    let home: HostPath
    private(set) var items: [BootstrapBundle.Item] = []
    private(set) var problems: [String] = []
    private(set) var warnings: [String] = []
    private var size: UInt64 = 0

    /// - Parameters:
    ///   - folder: The bundle, without symbolic links in its path.
    ///   - ready: The folder of the bundles that come with PANDAcap.
    init(folder: HostPath, ready: HostPath) {
        self.folder = folder
        let ready = FileSystem.resolved(ready) ?? ready
        home = folder.parent == ready ? ready : folder
    }

    /// - Parameter ours: The `bootstrap.sh` of bundles that have none of their own.
    mutating func run(ours: HostPath) {
        addBootstrap(ours)
        addTop("bootstrap.env", to: BootstrapBundle.Side.allCases)
        addTop("workload.sh", to: [.vm])
        addFolder("files")
        addScripts()
        items = items.filter { item in
            // What make rendered beside its template once, for the original.
            let isStale = item.template == nil && items.contains { $0.template != nil && $0.replaces(item) }
            if isStale { warnings.append("\(item.source) is not taken: its template is rendered anew") }
            return !isStale
        }
        for item in items where item.path.hasPrefix("scripts/") || item.path == "bootstrap.sh" {
            if item.mode & 0o100 == 0 {
                problems.append("\(item.source) has no run bit: make it executable with chmod +x")
            }
        }
        for name in BundleRenderer.keyNames where items.contains(where: { $0.path == "files/\(name)" }) {
            problems.append("\(folder)/files/\(name) has the name of the run's key: give it another")
        }
        if size > BootstrapBundle.limit.bytes {
            problems.append(
                "\(folder) has \(ByteSize(bytes: size)), more than the \(BootstrapBundle.limit) of a bundle"
            )
        }
    }

    /// The original's bundles have a link to a script of its source tree, which is not here; ours takes its place.
    private mutating func addBootstrap(_ ours: HostPath) {
        if FileSystem.isRegularFile(folder / "bootstrap.sh") || FileKind(folder / "bootstrap.sh.j2") != nil {
            addTop("bootstrap.sh", to: BootstrapBundle.Side.allCases)
        } else {
            add("bootstrap.sh", source: ours, from: "bootstrap.sh", to: BootstrapBundle.Side.allCases)
        }
    }

    private mutating func addTop(_ name: String, to sides: [BootstrapBundle.Side]) {
        for file in [name, name + ".j2"] where FileKind(folder / file) != nil {
            add(name, source: folder / file, from: file, to: sides)
        }
    }

    private mutating func addFolder(_ name: String) {
        for entry in FileSystem.list(folder / name) {
            let file = "\(name)/\(entry)"
            if FileKind(folder / file)?.kind == .folder {
                addFolder(file)
            } else {
                add(file, source: folder / file, from: file, to: BootstrapBundle.Side.allCases)
            }
        }
    }

    private mutating func addScripts() {
        for entry in FileSystem.list(folder / "scripts") {
            let file = "scripts/\(entry)"
            guard
                let side = BootstrapBundle.Side.allCases.first(where: { entry.hasPrefix("\($0.rawValue)_") })
            else {
                warnings.append(
                    "\(folder / file) goes to no side: its name begins with neither 'docker_' nor 'vm_'"
                )
                continue
            }
            let name = entry.dropFirst(side.rawValue.count + 1)
            add("scripts/\(name)", source: folder / file, from: file, to: [side])
        }
    }

    /// Takes a file, whose path in a rendered side loses a template's ending, and whose path below the bundle is `file`.
    private mutating func add(
        _ path: String,
        source: HostPath,
        from file: String,
        to sides: [BootstrapBundle.Side]
    ) {
        guard let real = contents(of: source) else { return }
        size += real.kind.size
        let isTemplate = file.hasSuffix(".j2")
        let target = path.hasSuffix(".j2") ? String(path.dropLast(".j2".count)) : path
        // The original's Makefile made these executable.
        let runs: UInt32 = isTemplate && target.hasSuffix(".sh") ? 0o111 : 0
        items.append(
            BootstrapBundle.Item(
                path: target,
                sides: sides,
                source: real.path,
                template: isTemplate ? file : nil,
                mode: real.kind.mode & 0o777 | runs
            )
        )
    }

    /// The regular file that a path leads to, without leaving the bundle.
    private mutating func contents(of path: HostPath) -> (path: HostPath, kind: FileKind)? {
        guard let kind = FileKind(path) else {
            problems.append("\(path) cannot be read: its name may not be UTF-8")
            return nil
        }
        switch kind.kind {
        case .regular:
            return (path, kind)
        case .link:
            guard let real = FileSystem.resolved(path), let target = FileKind(real) else {
                problems.append("\(path) is a link that leads nowhere")
                return nil
            }
            guard real.string.hasPrefix(home.string + "/") else {
                problems.append("\(path) is a link out of the bundle, to \(real)")
                return nil
            }
            guard target.kind == .regular else {
                problems.append("\(path) is a link to something that is no file: \(real)")
                return nil
            }
            return (real, target)
        case .folder, .special:
            problems.append("\(path) is no file")
            return nil
        }
    }
}
