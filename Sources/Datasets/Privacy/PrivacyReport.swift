public import HostSupport

/// What a scan found: it tells secrets' places, so it is not for publication itself.
public struct PrivacyReport: Sendable, Codable {
    /// The version of this file's layout: 1.
    public let schema: Int
    /// How many files were looked into.
    public let files: Int
    /// How many bytes they have.
    public let bytes: UInt64
    /// What was found, by file.
    public internal(set) var findings: [PrivacyFinding]
    /// What was not looked for, and why.
    public let omitted: [String]
    /// What the user let pass: kinds, or keys' fingerprints.
    public internal(set) var acknowledged: [String]

    /// Describes what was found.
    init(files: Int, bytes: UInt64, findings: [PrivacyFinding], omitted: [String], acknowledged: [String]) {
        schema = 1
        self.files = files
        self.bytes = bytes
        self.findings = findings
        self.omitted = omitted
        self.acknowledged = acknowledged
    }

    /// What keeps the dataset from leaving.
    public var blocking: [PrivacyFinding] {
        findings.filter { finding in
            finding.level == .block && !acknowledged.contains(finding.kind.rawValue)
                && !acknowledged.contains(finding.subject)
        }
    }

    /// Sees that nothing was found that was not acknowledged.
    ///
    /// - Parameter report: Where the report can be read, for the hint.
    /// - Throws: ``HostSupport/Failure`` with `notPermitted`, naming what was found.
    public func requireHarmless(report: HostPath?) throws {
        let blocking = blocking
        guard let first = blocking.first else { return }
        let kinds = Set(blocking.map(\.kind.rawValue)).sorted()
        throw Failure(
            .notPermitted,
            "there is what must not leave: \(kinds.joined(separator: ", ")), such as \(first.subject) in \(first.file)",
            hint: (report.map { "look at \($0)" } ?? "look with 'pandacap dataset scan'")
                + "; what may leave all the same is acknowledged: "
                + kinds.map { "--acknowledge \($0)" }.joined(separator: " ")
        )
    }

    /// Writes the report so that only this user can read it.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``HostSupport/Failure`` where it cannot be written.
    public func write(to path: HostPath) throws {
        try FileSystem.write(try JSONText.encode(self), to: path, mode: 0o600)
    }

    /// Reads a report.
    ///
    /// - Parameter path: The file.
    /// - Returns: The report.
    /// - Throws: ``HostSupport/Failure`` where it cannot be understood.
    public static func read(_ path: HostPath) throws -> PrivacyReport {
        try JSONText.decode(
            PrivacyReport.self,
            from: FileSystem.read(path, limit: 1 << 30),
            source: path.string
        )
    }

    /// Puts reports of parts together.
    ///
    /// - Parameter reports: The reports, made with the same settings.
    /// - Returns: One of all.
    public static func joined(_ reports: [PrivacyReport]) -> PrivacyReport {
        PrivacyReport(
            files: reports.reduce(0) { $0 + $1.files },
            bytes: reports.reduce(0) { $0 + $1.bytes },
            findings: reports.flatMap(\.findings),
            omitted: reports.flatMap(\.omitted).uniqued(),
            acknowledged: reports.flatMap(\.acknowledged).uniqued()
        )
    }
}
