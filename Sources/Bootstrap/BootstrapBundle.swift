public import HostSupport

/// A bootstrap bundle: a folder in the original PANDAcap's layout, looked through and found sound.
///
/// `bootstrap.sh`, `bootstrap.env`, `files/` go to both sides, `scripts/docker_*.sh` and `scripts/vm_*.sh` to the side
/// that their prefix names, `workload.sh` to the guest. What else lies in the folder goes nowhere.
public struct BootstrapBundle: Sendable {
    /// Who a rendered bundle is for.
    public enum Side: String, Sendable, CaseIterable, Codable {
        /// The container that the engine runs in.
        case docker
        /// The guest.
        case vm
    }

    /// A file of the bundle.
    struct Item: Sendable {
        /// Its path in a rendered side.
        let path: String
        /// The sides that get it.
        let sides: [Side]
        /// Where its contents are.
        let source: HostPath
        /// The path of the template below the bundle; nothing where it is copied as it is.
        let template: String?
        /// Its permission bits.
        let mode: UInt32

        /// Whether both want to be the same file of a side.
        func replaces(_ other: Item) -> Bool {
            path == other.path && sides.contains { other.sides.contains($0) }
        }
    }

    /// The most bytes that a bundle may have; it is held in the guest's disk and the host's memory.
    static let limit = ByteSize.mebibytes(512)

    /// The folder, without symbolic links.
    public let folder: HostPath
    /// Where links in it may lead.
    let home: HostPath
    /// What goes where.
    let items: [Item]
    /// What is not as it may have been meant.
    public let warnings: [String]

    /// The scripts of a side, in the order in which they are run.
    public func scripts(of side: Side) -> [String] {
        items.filter { $0.sides.contains(side) && $0.path.hasPrefix("scripts/") }
            .map { String($0.path.dropFirst("scripts/".count)) }
            .filter { $0.hasSuffix(".sh") && $0.utf8.first.map { (0x30...0x39).contains($0) } == true }
            .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    /// The files of a side as it is rendered, sorted, without those that every run has of its own.
    public func files(of side: Side) -> [String] {
        items.filter { $0.sides.contains(side) }.map(\.path).sorted()
    }

    /// Whether the bundle says what is to be recorded.
    public var hasWorkload: Bool { items.contains { $0.path == "workload.sh" } }

    /// Finds a bundle by its name among those that come with PANDAcap, or by its path.
    ///
    /// - Parameters:
    ///   - text: A name such as `ssh-honeypot`, or a path, which has a slash.
    ///   - installation: Where the bundles that come with PANDAcap lie.
    /// - Returns: The bundle.
    /// - Throws: ``HostSupport/Failure`` naming the bundles there are, or everything that is wrong with this one.
    public static func find(_ text: String, in installation: Installation) throws -> BootstrapBundle {
        if text.contains("/") || text == "." { return try BootstrapBundle(HostPath(text), in: installation) }
        let folder = installation.bootstrap / text
        guard FileSystem.isDirectory(folder) else {
            let names = FileSystem.list(installation.bootstrap)
                .filter { FileSystem.isDirectory(installation.bootstrap / $0) }
            throw Failure(
                .notFound,
                "there is no bundle '\(text)' in \(installation.bootstrap)",
                hint: (names.isEmpty ? "" : "there are: \(names.joined(separator: ", ")); ")
                    + "a folder is named by a path with a slash, such as ./\(text)"
            )
        }
        return try BootstrapBundle(folder, in: installation)
    }

    /// Looks through a folder.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - installation: Where our `bootstrap.sh` lies, for bundles that have none of their own.
    /// - Throws: ``HostSupport/Failure`` with `notFound` where it is no folder, else with `configuration` and all that
    ///   is wrong.
    public init(_ path: HostPath, in installation: Installation) throws {
        guard let folder = FileSystem.resolved(path), FileSystem.isDirectory(folder) else {
            throw Failure(.notFound, "there is no folder \(path)")
        }
        var scan = BundleScan(folder: folder, ready: installation.bootstrap)
        scan.run(ours: installation.bootstrap / "bootstrap.sh")
        guard scan.problems.isEmpty else {
            throw Failure(.configuration, scan.problems.joined(separator: "\n"))
        }
        self.folder = folder
        home = scan.home
        items = scan.items
        warnings = scan.warnings
    }

    /// The digest of what the bundle consists of before it is rendered: paths, modes and contents.
    ///
    /// - Returns: A SHA-256 digest in hexadecimal.
    /// - Throws: ``HostSupport/Failure`` where a file cannot be read.
    public func digest() async throws -> String {
        var lines: [String] = []
        for item in items.sorted(by: { $0.path < $1.path }) {
            let sides = item.sides.map(\.rawValue).joined(separator: "+")
            let mode = String(item.mode, radix: 8)
            let contents = try await Digest.sha256(item.source)
            let kind = item.template == nil ? "file" : "template"
            lines.append("\(sides) \(mode) \(kind) \(contents) \(shellQuoted(item.path))")
        }
        return try await Digest.sha256(of: lines.joined(separator: "\n"))
    }
}
