public import Foundation
public import HostSupport

/// A private folder in which apt works with suites and an architecture of our choice.
///
/// Nothing of the host's own apt and dpkg is touched and no privileges are needed; the archive's signatures are
/// verified as ever. Lists and packages are kept in the folder and used again.
public struct AptRoot: Sendable {
    /// What apt takes for installed.
    public enum Installed: String, Sendable {
        /// What is installed on this host: only what it lacks is resolved.
        case host
        /// Nothing: whatever a package needs is resolved.
        case nothing
        /// What ``setInstalled(_:)`` was told; the lists of the files that packages have are fetched, too.
        case listed
    }

    /// One package of the archive, at one version.
    public struct Package: Sendable, Hashable, Codable {
        /// Its name.
        public let name: String
        /// Its version.
        public let version: String
        /// The SHA-256 digest of its `.deb`, in hexadecimal.
        public let sha256: String
    }

    /// The folder.
    public let folder: HostPath
    /// The suites, such as `bookworm`.
    public let suites: [String]
    /// Debian's name of the architecture, such as `amd64`.
    public let architecture: String
    private let installed: Installed
    private let console: Console

    /// Describes a private folder for apt; ``update()`` makes it.
    public init(
        cache: HostPath,
        suites: [String],
        architecture: String,
        installed: Installed,
        console: Console
    ) {
        let name = (suites + [architecture, installed.rawValue]).joined(separator: "-")
        folder = cache / "apt" / name
        self.suites = suites
        self.architecture = architecture
        self.installed = installed
        self.console = console
    }

    /// Makes the folder where needed and fetches the newest lists of packages.
    ///
    /// - Parameter security: Whether the security archive's are among them, where it can be read.
    /// - Throws: ``HostSupport/Failure`` with apt's own words.
    public func update(security: Bool = true) async throws {
        for name in ["state/lists/partial", "cache/archives/partial", "etc/preferences.d", "debs"] {
            try FileSystem.createDirectory(folder / name)
        }
        if installed != .host, !FileSystem.exists(statusFile) { try setInstalled("") }
        guard FileSystem.exists(Self.keyring) else {
            throw Failure(
                .unavailable,
                "there is no \(Self.keyring), with which the archive's signatures are verified",
                hint: "install the Debian package 'debian-archive-keyring' (make setup does)"
            )
        }
        let mirror = try await DebianMirror.ofHost()
        do {
            try await fetchLists(mirror, security: security)
        } catch  where security && mirror.security != nil {
            console.detail("\(error)")
            console.warning("the security archive cannot be read now; going on with the main archive alone")
            try await fetchLists(mirror, security: false)
        }
        if installed == .listed { try await keepLibraries() }
        try FileSystem.write("", to: stamp)
    }

    /// The packages that have to be unpacked for `names` to work, `names` among them.
    ///
    /// - Parameter names: Names of packages.
    /// - Returns: Names, sorted; those that count as installed are left out.
    /// - Throws: ``HostSupport/Failure`` with apt's own words, which name a package that does not exist.
    public func closure(of names: [String]) async throws -> [String] {
        let plan = try await apt("install", ["--simulate", "--no-install-recommends"] + names)
        return plan.split(separator: "\n")
            .filter { $0.hasPrefix("Inst ") }
            .map { String($0.split(separator: " ")[1].prefix { $0 != ":" }) }
            .sorted()
    }

    /// What has to be installed for `names` to be there, each package at its newest version.
    ///
    /// - Parameters:
    ///   - names: Names of packages.
    ///   - excluded: Packages that must not be installed: what wants one of them gets another that will do.
    /// - Returns: Versions by names; what counts as installed and need not be renewed is left out.
    /// - Throws: ``HostSupport/Failure`` with `notFound` and the names of all packages that do not exist, else with
    ///   apt's own words.
    public func versions(of names: [String], excluding excluded: [String] = []) async throws -> [String:
        String]
    {
        guard !names.isEmpty else { return [:] }
        let arguments =
            ["--simulate", "--no-install-recommends"] + names + excluded.map { "\($0)-" }
        let output = try await aptOutput("install", arguments)
        let unknown = Self.unknownPackages(output.standardError)
        guard unknown.isEmpty else {
            throw Failure(
                .notFound,
                "\(suites[0]) has no package \(unknown.map { "'\($0)'" }.joined(separator: ", "))"
            )
        }
        guard output.status == .exited(0) else {
            throw Failure(
                .system,
                "apt cannot choose the packages for \(names.joined(separator: " ")):\n"
                    + output.standardError.split(whereSeparator: \.isNewline).suffix(20)
                    .map { "  \($0)" }.joined(separator: "\n")
            )
        }
        return Dictionary(
            output.standardOutput.split(separator: "\n").compactMap(Self.parseInstallation)
        ) { _, last in last }
    }

    /// Reads a line of `apt-get install --simulate`: `Inst NAME [OLD] (VERSION SUITE... [ARCH])`.
    static func parseInstallation(_ line: Substring) -> (String, String)? {
        guard line.hasPrefix("Inst "), let open = line.firstIndex(of: "(") else { return nil }
        let name = line.dropFirst(5).prefix { $0 != " " && $0 != ":" }
        let version = line[line.index(after: open)...].prefix { $0 != " " && $0 != ")" }
        return name.isEmpty || version.isEmpty ? nil : (String(name), String(version))
    }

    /// The packages that apt says it cannot find, in its order.
    static func unknownPackages(_ said: String) -> [String] {
        said.matches(
            of: /E: (?:Unable to locate package (\S+)|Package '(\S+)' has no installation candidate)/
        )
        .compactMap { ($0.1 ?? $0.2).map(String.init) }
    }

    /// Tells what counts as installed.
    ///
    /// - Parameter status: A file as dpkg keeps it in `/var/lib/dpkg/status`.
    /// - Throws: ``HostSupport/Failure`` where it cannot be written.
    public func setInstalled(_ status: String) throws {
        try FileSystem.createDirectory(statusFile.parent)
        try FileSystem.write(status, to: statusFile)
    }

    /// When ``update()`` last fetched the lists; nothing where it did not.
    public var updated: Date? {
        (try? FileManager.default.attributesOfItem(atPath: stamp.string))?[.modificationDate] as? Date
    }

    private var stamp: HostPath { folder / "updated" }

    /// What stands for the packages that every Debian has, and apt, among names of packages.
    public static let base = ["?essential", "?priority(required)", "apt"]

    /// The folder of the lists of packages that ``update()`` fetched.
    public var lists: HostPath { folder / "state/lists" }

    /// The lines of `sources.list` that ``update()`` read the lists of packages by.
    ///
    /// - Returns: The lines.
    /// - Throws: ``HostSupport/Failure`` where there was no ``update()``.
    public func sources() throws -> [String] {
        try FileSystem.readText(folder / "etc/sources.list").split(separator: "\n").map(String.init)
    }

    /// The packages that `name` depends on directly, as the newest version of it says.
    ///
    /// - Parameter name: A package.
    /// - Returns: Names of packages.
    /// - Throws: ``HostSupport/Failure`` with apt's own words.
    public func dependencies(of name: String) async throws -> [String] {
        let text = try await Tool("apt-cache", package: "apt").run(options + ["depends", name])
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 2 && words[0] == "Depends:" ? String(words[1]) : nil
        }
    }

    /// Fetches packages; one that is in the folder already is not fetched again.
    ///
    /// - Parameter names: Names of packages.
    /// - Returns: What was fetched, and the path of each `.deb`, in the order of `names`.
    /// - Throws: ``HostSupport/Failure`` with apt's own words.
    public func download(_ names: [String]) async throws -> [(package: Package, file: HostPath)] {
        let listing = try await apt("download", ["--print-uris"] + names)
        let wanted = listing.split(separator: "\n").compactMap(Self.parseAddress)
        guard wanted.count == names.count else {
            throw Failure(.system, "apt names \(wanted.count) files for \(names.count) packages:\n\(listing)")
        }
        let debs = folder / "debs"
        var missing: [Address] = []
        for package in wanted where !(try await isHere(package, in: debs)) { missing.append(package) }
        if !missing.isEmpty {
            let bytes = missing.reduce(0) { $0 + $1.size }
            let names = missing.map(\.specifier)
            try await console.step("fetching \(missing.count) Debian packages, \(ByteSize(bytes: bytes))") {
                _ = try await apt("download", names, in: debs)
            }
        }
        // apt lists them in an order of its own.
        return names.compactMap { name in wanted.first { $0.name == name } }
            .map { (Package(name: $0.name, version: $0.version, sha256: $0.sha256), debs / $0.file) }
    }

    /// Unpacks a `.deb` into a folder; its scripts are not run.
    ///
    /// - Parameters:
    ///   - file: The `.deb`.
    ///   - target: The folder.
    /// - Throws: ``HostSupport/Failure`` with dpkg's own words.
    public static func unpack(_ file: HostPath, into target: HostPath) async throws {
        try FileSystem.createDirectory(target)
        try await Tool("dpkg-deb", package: "dpkg").run(["-x", file.string, target.string])
    }

    private static let keyring: HostPath = "/usr/share/keyrings/debian-archive-keyring.gpg"

    private var statusFile: HostPath {
        installed == .host ? "/var/lib/dpkg/status" : folder / "state/status"
    }

    private var options: [String] {
        [
            "Dir::State=\(folder / "state")", "Dir::State::status=\(statusFile)",
            "Dir::Cache=\(folder / "cache")",
            "Dir::Etc=\(folder / "etc")", "Dir::Etc::sourceparts=-", "APT::Architecture=\(architecture)",
            "APT::Architectures::=\(architecture)", "APT::Sandbox::User=root", "Acquire::Languages=none",
            "Acquire::Retries=3",
        ].flatMap { ["-o", $0] } + (installed == .listed ? contentsOptions : [])
    }

    /// What makes apt fetch the lists of the files that packages have, whose digests it checks like those of others.
    private var contentsOptions: [String] {
        [
            "MetaKey=$(COMPONENT)/Contents-\(architecture)", "ShortDescription=Contents",
            "Description=$(RELEASE)/$(COMPONENT) \(architecture) Contents", "KeepCompressed=true",
            "KeepCompressedAs=gz",
        ].flatMap { ["-o", "Acquire::IndexTargets::deb::Contents-deb::\($0)"] }
    }

    /// The packages that have shared libraries, as ``update()`` learned it.
    ///
    /// - Parameter names: The libraries' file names.
    /// - Returns: The index of the files of these names.
    /// - Throws: ``HostSupport/Failure`` where it cannot be read.
    public func contents(of names: [String]) async throws -> ContentsIndex {
        var index = ContentsIndex()
        guard !names.isEmpty else { return index }
        index.add(
            try await grep(
                Tool("grep", package: "grep"),
                ["-F"] + names.sorted().flatMap { ["-e", "/\($0) "] } + [libraryList.string]
            )
        )
        return index
    }

    private var libraryList: HostPath { folder / "libraries" }

    /// Keeps the lines of shared libraries: the whole lists are a hundred times as long.
    private func keepLibraries() async throws {
        let files = FileSystem.list(lists).filter { $0.hasSuffix("_Contents-\(architecture).gz") }
        guard !files.isEmpty else {
            throw Failure(
                .unavailable,
                "the archive has no list of the files in packages for \(architecture)"
            )
        }
        let lines = try await grep(
            Tool("zgrep", package: "gzip"),
            ["-h", "-E", #"^(usr/)?lib(64)?/([^/]+/)?[^/]+\.so[^/]* "#]
                + files.map { (lists / $0).string }
        )
        try FileSystem.write(lines, to: libraryList)
    }

    private func grep(_ tool: Tool, _ arguments: [String]) async throws -> String {
        let found = try await tool.output(arguments, environment: ["LC_ALL": "C"])
        // They exit with 1 where they find nothing.
        guard [.exited(0), .exited(1)].contains(found.status) else {
            throw Failure(.badData, "cannot look through \(folder): \(found.standardError.prefix(200))")
        }
        return found.standardOutput
    }

    private func fetchLists(_ mirror: DebianMirror, security: Bool) async throws {
        var sources = suites.map { "deb [signed-by=\(Self.keyring)] \(mirror.archive) \($0) main" }
        // Only the newest suite's: an older one's security archive moves away when its support ends.
        if security, let address = mirror.security, let suite = suites.first {
            sources.append("deb [signed-by=\(Self.keyring)] \(address) \(suite)-security main")
        }
        try FileSystem.write(sources.joined(separator: "\n") + "\n", to: folder / "etc/sources.list")
        _ = try await apt("update", ["--error-on=any"])
    }

    private func apt(_ command: String, _ arguments: [String], in workingDirectory: HostPath? = nil)
        async throws
        -> String
    {
        try await Tool("apt-get", package: "apt").run(
            ["-q"] + options + [command] + arguments,
            environment: Self.settings,
            workingDirectory: workingDirectory ?? folder
        )
    }

    private func aptOutput(_ command: String, _ arguments: [String]) async throws -> ToolOutput {
        try await Tool("apt-get", package: "apt").output(
            ["-q"] + options + [command] + arguments,
            environment: Self.settings,
            workingDirectory: folder
        )
    }

    private static let settings = ["LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"]

    /// Whether a package was fetched before and is whole: apt looks at what it fetches, not at what was left here.
    private func isHere(_ package: Address, in debs: HostPath) async throws -> Bool {
        let file = debs / package.file
        guard FileSystem.size(file) == package.size else { return false }
        return try await Digest.sha256(file) == package.sha256
    }

    struct Address: Hashable {
        let name: String
        let version: String
        let file: String
        let size: UInt64
        let sha256: String
        var specifier: String { "\(name)=\(version)" }
    }

    /// Reads a line of `apt-get download --print-uris`: `'URL' NAME_VERSION_ARCH.deb SIZE SHA256:HEX`.
    static func parseAddress(_ line: Substring) -> Address? {
        let fields = line.split(separator: " ")
        guard fields.count == 4, fields[0].hasPrefix("'"), let size = UInt64(fields[2]),
            fields[3].hasPrefix("SHA256:"), !fields[1].contains("/")
        else { return nil }
        let parts = fields[1].split(separator: "_")
        guard parts.count == 3, let version = parts[1].removingPercentEncoding else { return nil }
        return Address(
            name: String(parts[0]),
            version: version,
            file: String(fields[1]),
            size: size,
            sha256: String(fields[3].dropFirst("SHA256:".count))
        )
    }
}
