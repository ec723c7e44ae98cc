/// The places of one secret in one file.
public struct PrivacyFinding: Sendable, Codable, Hashable {
    /// What a finding comes to.
    public enum Level: String, Sendable, Codable {
        /// It keeps the dataset from being packed, unless it is acknowledged.
        case block
        /// It is told.
        case note
    }

    /// What the offsets count from.
    public enum Place: String, Sendable, Codable {
        /// The first byte of the file.
        case file
        /// Address 0 of the guest's physical memory: it stands across the border of two pages.
        case memory
        /// The first byte of the disk as the guest sees it: the file has it compressed.
        case disk
    }

    /// The most places that are told one by one.
    static let mostOffsets = 16

    /// The file, as it is called in the report.
    public let file: String
    /// What the file is.
    public let role: ScannedFile.Role
    /// What was found.
    public let kind: FindingKind
    /// Which of that kind: a key's fingerprint, a name, an address; of canary strings the beginning only.
    public let subject: String
    /// What it comes to.
    public let level: Level
    /// What the offsets count from.
    public let place: Place
    /// How often it is there.
    public internal(set) var count: Int
    /// Where: the first sixteen places.
    public internal(set) var offsets: [UInt64]
    /// What stands around the first place, without the secret itself.
    public let excerpt: String

    /// The same, known to be of another kind.
    func with(_ kind: FindingKind) -> PrivacyFinding {
        PrivacyFinding(
            file: file,
            role: role,
            kind: kind,
            subject: subject,
            level: kind.level(in: role),
            place: place,
            count: count,
            offsets: offsets,
            excerpt: excerpt
        )
    }
}
