public import HostSupport

/// What a scan looks for, and what is let pass.
public struct PrivacySettings: Sendable {
    /// What this machine and its user are known by.
    public var identity: HostIdentity
    /// Words that must not leave: at least four bytes each.
    public var canaries: [String]
    /// What may leave all the same: kinds of findings, or keys' fingerprints.
    public var acknowledged: [String]

    /// Describes a scan.
    ///
    /// - Parameters:
    ///   - identity: What this machine and its user are known by.
    ///   - canaries: Words that must not leave.
    ///   - acknowledged: Kinds of findings, or keys' fingerprints, that may leave all the same.
    /// - Throws: ``HostSupport/Failure`` with `usage` where a canary is too short, or an acknowledgement means nothing.
    public init(identity: HostIdentity, canaries: [String] = [], acknowledged: [String] = []) throws {
        if let short = canaries.first(where: { $0.utf8.count < PatternSearch.shortest }) {
            throw Failure(
                .usage,
                "the canary '\(short)' is too short: what has fewer than \(PatternSearch.shortest) bytes is everywhere"
            )
        }
        let kinds = FindingKind.allCases.map(\.rawValue)
        if let unknown = acknowledged.first(where: { !kinds.contains($0) && !$0.hasPrefix("SHA256:") }) {
            throw Failure(
                .usage,
                "'\(unknown)' cannot be acknowledged",
                hint: "one of \(kinds.joined(separator: ", ")), or a key's fingerprint: SHA256:..."
            )
        }
        self.identity = identity
        self.canaries = canaries.uniqued()
        self.acknowledged = acknowledged.uniqued()
    }

    /// Reads a file with one canary a line; empty lines are passed over.
    ///
    /// - Parameter path: The file.
    /// - Returns: The canaries.
    /// - Throws: ``HostSupport/Failure`` where it cannot be read.
    public static func canaries(in path: HostPath) throws -> [String] {
        try FileSystem.readText(path, limit: 1 << 20).split(whereSeparator: \.isNewline).map(String.init)
    }
}
