import Foundation
import HostSupport

/// Where Debian's packages come from on this host.
public struct DebianMirror: Sendable, Hashable {
    /// The address of the archive, with a slash at the end.
    public let archive: String
    /// The address of the security archive, with a slash at the end, where the host has one.
    public let security: String?

    /// Describes a mirror by its addresses.
    public init(archive: String, security: String?) {
        self.archive = archive
        self.security = security
    }

    /// The mirror that this host's own apt uses, or the one that the environment names.
    ///
    /// `PANDACAP_DEBIAN_MIRROR` and `PANDACAP_DEBIAN_SECURITY_MIRROR` come first, so that hosts that are no
    /// Debian can name one.
    ///
    /// - Returns: The mirror.
    /// - Throws: ``HostSupport/Failure`` where neither names a Debian archive.
    public static func ofHost() async throws -> DebianMirror {
        let environment = ProcessInfo.processInfo.environment
        if let archive = environment["PANDACAP_DEBIAN_MIRROR"], !archive.isEmpty {
            let security = environment["PANDACAP_DEBIAN_SECURITY_MIRROR"].flatMap { $0.isEmpty ? nil : $0 }
            return DebianMirror(archive: archive.slashed, security: security?.slashed)
        }
        // Without the second question apt tells only those whose lists it has fetched, which a fresh host has not.
        for option in ["--release-info", "--no-release-info"] {
            let listing = try await Tool("apt-get", package: "apt").run([
                "indextargets", option, "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)",
                "Created-By: Packages",
            ])
            if let mirror = parse(listing) { return mirror }
        }
        throw Failure(
            .unavailable,
            "apt on this host knows no Debian archive",
            hint: "set PANDACAP_DEBIAN_MIRROR to the address of one"
        )
    }

    /// Finds Debian's own archives among the sources of apt, which may name any vendor's.
    ///
    /// A vendor's archive often has a suite 'stable' or 'bookworm' with a component 'main', so the origin decides; apt
    /// knows none until it has fetched the archive's lists.
    static func parse(_ listing: String) -> DebianMirror? {
        let lines = listing.split(separator: "\n").map { line in
            line.split(separator: " ", maxSplits: 3).map(String.init)
        }.filter { $0.count >= 3 && $0[2] == "main" }
        let own = lines.filter { $0.count == 4 && $0[3] == "Debian" }
        let unknown = lines.filter { $0.count == 3 || $0[3] == "$(ORIGIN)" }
        func first(_ isWanted: (String) -> Bool) -> String? {
            (own + unknown).first { isWanted($0[1]) }?[0].slashed
        }
        guard let archive = first(codenames.contains) else { return nil }
        let suites = Set(codenames.map { "\($0)-security" })
        return DebianMirror(archive: archive, security: first(suites.contains))
    }

    private static let codenames: Set<String> = ["bullseye", "bookworm", "trixie", "forky", "sid", "stable"]
}

extension String {
    fileprivate var slashed: String { hasSuffix("/") ? self : self + "/" }
}
