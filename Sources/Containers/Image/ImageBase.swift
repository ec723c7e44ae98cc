import HostSupport

/// What an image is built on, as the user asked for it.
public enum BaseRequest: Sendable, Hashable {
    /// An image of a registry; a Debian root of the suite stands in where it cannot be had.
    case registry(ImageReference, suite: String?)
    /// A Debian root that `mmdebstrap` makes here.
    case mmdebstrap(suite: String)

    /// The suite that is made where none is named.
    static let defaultSuite = "bookworm"
    /// The word that asks for a root that is made here.
    static let word = "mmdebstrap"
    private static let suites = ["11": "bullseye", "12": "bookworm", "13": "trixie"]

    /// Reads `IMAGE_BASE`: an image's name, `mmdebstrap` or `mmdebstrap:SUITE`.
    ///
    /// - Parameter text: The text.
    /// - Throws: ``HostSupport/Failure`` with `usage` where it is none of these.
    public init(_ text: String) throws {
        let reference = try ImageReference(text)
        if reference.name == Self.word {
            self = .mmdebstrap(suite: reference.tag.map { Self.suites[$0] ?? $0 } ?? Self.defaultSuite)
            return
        }
        guard reference.shortName == "debian", let tag = reference.tag else {
            self = .registry(reference, suite: nil)
            return
        }
        let release = String(tag.prefix { $0 != "-" && $0 != "." })
        let suite = Self.suites[release] ?? (Self.suites.values.contains(release) ? release : nil)
        self = .registry(reference, suite: suite)
    }

    /// The suite, as far as it is known before the base is there.
    public var suite: String? {
        switch self {
        case .registry(_, let suite): suite
        case .mmdebstrap(let suite): suite
        }
    }
}

/// What an image is built on.
public struct ImageBase: Sendable, Hashable, Encodable {
    /// Where it came from.
    public enum Origin: String, Sendable, Encodable {
        /// An image that was here.
        case present
        /// An image that was fetched from its registry.
        case pulled
        /// A Debian root that was made now.
        case made
        /// A Debian root that was made before.
        case kept
        /// It is not here; building fetches or makes it.
        case absent
    }

    /// The image's name.
    public let reference: String
    /// Where it came from.
    public let origin: Origin
    /// Why this one.
    public let reason: String
    /// Debian's name of its release.
    public let suite: String
    /// Debian's name of its architecture.
    public let architecture: String
    /// What dpkg says of its packages; nothing where it is not here.
    let status: String?

    private enum CodingKeys: CodingKey {
        case reference
        case origin
        case reason
        case suite
        case architecture
    }

    /// The version of a package in it.
    func version(of package: String) -> String? {
        var isWanted = false
        for line in (status ?? "").split(separator: "\n") {
            if line.hasPrefix("Package: ") { isWanted = line.dropFirst(9) == package }
            if isWanted, line.hasPrefix("Version: ") { return String(line.dropFirst(9)) }
        }
        return nil
    }

    /// The names of the packages in it.
    var packages: Set<String> {
        Set(
            (status ?? "").split(separator: "\n").filter { $0.hasPrefix("Package: ") }
                .map { String($0.dropFirst(9)) }
        )
    }
}
