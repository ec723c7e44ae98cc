import Foundation
import HostSupport

/// All that a scan looks for.
struct SecretPatterns: Sendable {
    private(set) var patterns: [SecretPattern] = SecretPattern.keys
    /// What is not looked for, and why.
    private(set) var omitted: [String] = []

    /// Names that say nothing of whose they are.
    private static let commonNames: Set<String> = [
        "root", "user", "admin", "administrator", "debian", "ubuntu", "guest", "test", "nobody", "daemon",
        "panda",
        "pandacap", "localhost", "localhost.localdomain", "localdomain", "local", "home", "lan", "runner",
        "build",
    ]
    /// Folders that every machine has.
    private static let commonFolders: Set<HostPath> = [
        "/", "/root", "/home", "/tmp", "/var/tmp", "/work", "/data", "/srv", "/mnt", "/opt", "/usr",
        "/usr/local", ".",
    ]
    /// Addresses that half of the world uses: this machine's own ones, slirp's, Docker's, and public name servers.
    private static let commonRanges = [
        "127.0.0.0/8", "0.0.0.0/8", "169.254.0.0/16", "10.0.2.0/24", "172.17.0.1/32", "224.0.0.0/3", "::/127",
        "fe80::/10",
        "ff00::/8", "8.8.8.8/32", "8.8.4.4/32", "1.1.1.1/32", "1.0.0.1/32", "9.9.9.9/32",
        "2001:4860:4860::/48",
        "2606:4700:4700::/48", "2620:fe::/48", "fec0::/64",
    ].compactMap(AddressRange.init)
    /// Addresses of private networks (RFC 1918, 6598, 4193), and those of manuals (RFC 5737, 3849).
    private static let privateRanges = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7",
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32",
    ]
    .compactMap(AddressRange.init)

    init(_ settings: PrivacySettings) {
        let identity = settings.identity
        for (number, canary) in settings.canaries.enumerated() {
            patterns += SecretPattern.text(
                canary,
                .canary,
                subject: "canary \(number + 1), '\(canary.prefix(2))...'"
            )
        }
        for name in identity.userNames { add(name: name, .userName, "the user name") }
        for name in identity.hostNames { add(name: name, .hostName, "the host name") }
        for folder in identity.homeFolders { add(folder: folder, .homeFolder, "the home folder") }
        for folder in identity.paths { add(folder: folder, .hostPath, "the path") }
        for (address, what) in identity.addresses.sorted(by: { $0.key.description < $1.key.description }) {
            add(address, what)
        }
        for key in identity.publicKeys { patterns += key.patterns }
    }

    private mutating func add(name: String, _ kind: FindingKind, _ what: String) {
        if Self.commonNames.contains(name.lowercased()) {
            omitted.append("\(what) '\(name)': every machine has it")
        } else if name.utf8.count < PatternSearch.shortest {
            omitted.append("\(what) '\(name)': it is too short to mean anything")
        } else {
            patterns += SecretPattern.text(name, kind, subject: name, boundary: .word)
        }
    }

    private mutating func add(folder: HostPath, _ kind: FindingKind, _ what: String) {
        if Self.commonFolders.contains(folder) || folder.byteCount < PatternSearch.shortest {
            omitted.append("\(what) \(folder): every machine has it")
        } else {
            patterns += SecretPattern.text(folder.string, kind, subject: folder.string, boundary: .path)
        }
    }

    private mutating func add(_ address: IPAddress, _ what: String) {
        guard !Self.commonRanges.contains(where: { address.isIn($0) }) else { return }
        let kind: FindingKind =
            Self.privateRanges.contains { address.isIn($0) } ? .privateAddress : .operatorAddress
        let subject = "\(address) (\(what))"
        patterns += SecretPattern.text(address.description, kind, subject: subject, boundary: .address)
        patterns.append(
            SecretPattern(
                bytes: address.bytes,
                form: address.isVersion4 ? .binary : .plain,
                kind: kind,
                subject: subject
            )
        )
    }
}
