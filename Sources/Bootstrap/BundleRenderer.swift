public import HostSupport

/// Renders a bundle for one run: a key pair, and a folder for each side.
///
/// It may be called again, and by many processes at once: the key stays, and a side that would not change is not
/// touched.
public struct BundleRenderer: Sendable {
    /// The names of the key pair's files, at the top of the run's folder: the private key and the public one.
    static let keyNames = ["id_ed25519", "id_ed25519.pub"]

    /// The interpreter of the program that renders templates: Debian's own, which sees Debian's `python3-jinja2`
    /// whatever else is on `PATH`.
    public static let interpreter = Tool("/usr/bin/python3", package: "python3")

    private let bundle: BootstrapBundle
    private let values: [String: String]
    /// The files of the host that are added, by their names; links have been followed.
    private let added: [(name: String, file: HostPath)]
    private let templates: TemplateRenderer

    /// Prepares to render a bundle.
    ///
    /// - Parameters:
    ///   - bundle: The bundle.
    ///   - values: What templates see.
    ///   - added: Files of the host that go to `files/` of both sides.
    ///   - installation: Where the program lies that renders templates.
    /// - Throws: ``HostSupport/Failure`` where a file to add is none, or takes another's place.
    public init(
        _ bundle: BootstrapBundle,
        values: [String: String],
        adding added: [HostPath] = [],
        installation: Installation
    ) throws {
        self.bundle = bundle
        self.values = values
        templates = TemplateRenderer(installation: installation)
        var taken = Set(bundle.items.map(\.path) + Self.keyNames.map { "files/\($0)" })
        self.added = try added.map { path in
            guard let file = FileSystem.resolved(path), FileSystem.isRegularFile(file) else {
                throw Failure(.notFound, "there is no file \(path) to add to the bundle")
            }
            guard taken.insert("files/\(path.name)").inserted else {
                throw Failure(.usage, "the bundle \(bundle.folder) has files/\(path.name) already")
            }
            return (path.name, file)
        }
    }

    /// Gives a run's folder a key pair that is there already; else one is made when the bundle is rendered.
    ///
    /// - Parameters:
    ///   - privateKey: The private key's file.
    ///   - publicKey: The public key's file.
    ///   - run: The folder.
    /// - Throws: ``HostSupport/Failure`` where a key cannot be copied.
    public func take(_ privateKey: HostPath, _ publicKey: HostPath, for run: HostPath) throws {
        try FileSystem.createDirectory(run, mode: 0o700)
        for (key, name) in zip([privateKey, publicKey], Self.keyNames) {
            try FileSystem.copy(key, to: run / name)
        }
    }

    /// Renders the bundle.
    ///
    /// - Parameters:
    ///   - run: The folder to make `docker`, `vm` and the key pair in; only this user can enter it where it is made.
    ///   - runID: The run's name, which the key gets for a comment.
    /// - Throws: ``HostSupport/Failure`` where a template is wrong, or something cannot be written.
    public func render(into run: HostPath, runID: String) async throws {
        try FileSystem.createDirectory(run, mode: 0o700)
        let lock = try await FileLock.wait(for: run / ".lock")
        defer { withExtendedLifetime(lock) {} }
        try await makeKey(in: run, runID: runID)
        let key = try FileSystem.readText(run / Self.keyNames[1])
        let facts: [String: TemplateValue] = [
            "RUN_SSH_KEY": .text(key.firstLine ?? ""),
            "RUN_FILES": .list(added.map(\.name)),
        ]
        let texts = try await render(bundle.items, facts)
        for side in BootstrapBundle.Side.allCases {
            let keys = Self.keyNames(of: side).map { name in
                FileTree.Entry(
                    path: "files/\(name)",
                    mode: name.hasSuffix(".pub") ? 0o644 : 0o600,
                    contents: .file(run / name)
                )
            }
            try FileTree(entries(of: side, texts) + keys).place(run / side.rawValue)
        }
    }

    // What a guest is handed is in its memory, which is published: it gets the public key only.
    private static func keyNames(of side: BootstrapBundle.Side) -> [String] {
        switch side {
        case .docker: keyNames
        case .vm: [keyNames[1]]
        }
    }

    /// Renders one side of the bundle for no run: without a key, and without what templates are told of one.
    ///
    /// - Parameters:
    ///   - side: The side.
    ///   - folder: The folder to make.
    /// - Throws: ``HostSupport/Failure`` where a template is wrong, or something cannot be written.
    public func render(_ side: BootstrapBundle.Side, as folder: HostPath) async throws {
        let items = bundle.items.filter { $0.sides.contains(side) }
        let texts = try await render(items, ["RUN_FILES": .list(added.map(\.name))])
        try FileTree(entries(of: side, texts)).place(folder)
    }

    private func render(_ items: [BootstrapBundle.Item], _ facts: [String: TemplateValue]) async throws
        -> [String: String]
    {
        try await templates.render(
            items.compactMap(\.template),
            in: bundle.folder,
            home: bundle.home,
            variables: values.mapValues(TemplateValue.text).merging(facts) { $1 }
        )
    }

    private func makeKey(in run: HostPath, runID: String) async throws {
        guard !FileSystem.exists(run / Self.keyNames[0]) || !FileSystem.exists(run / Self.keyNames[1]) else {
            return
        }
        let draft = run / ".key"
        try FileSystem.remove(draft)
        try FileSystem.createDirectory(draft, mode: 0o700)
        try await Tool("ssh-keygen", package: "openssh-client").run([
            "-q", "-t", "ed25519", "-N", "", "-C", runID, "-f", (draft / Self.keyNames[0]).string,
        ])
        for name in Self.keyNames { try FileSystem.rename(draft / name, to: run / name) }
        try FileSystem.remove(draft)
    }

    private func entries(of side: BootstrapBundle.Side, _ texts: [String: String]) -> [FileTree.Entry] {
        let items = bundle.items.filter { $0.sides.contains(side) }.map { item in
            FileTree.Entry(
                path: item.path,
                mode: item.mode,
                contents: item.template.flatMap { texts[$0] }.map(FileTree.Contents.text)
                    ?? .file(item.source)
            )
        }
        let others = added.map { name, file in
            FileTree.Entry(
                path: "files/\(name)",
                mode: FileSystem.isExecutable(file) ? 0o755 : 0o644,
                contents: .file(file)
            )
        }
        return items + others
    }
}
