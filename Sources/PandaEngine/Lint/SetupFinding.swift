/// Something about a set-up that may cost a recording its replay.
public struct SetupFinding: Sendable, Codable, Hashable {
    /// How likely it is to.
    public enum Severity: String, Sendable, Codable {
        /// Worth knowing; recordings replay all the same if it is heeded.
        case note
        /// Recordings of such machines have been seen not to replay, or not to be made.
        case warning
    }

    /// The rule that it breaks, in a word.
    public let rule: String
    /// How likely it is to cost the replay.
    public let severity: Severity
    /// The argument at fault; none where nothing in the arguments is.
    public let subject: String?
    /// What it does.
    public let message: String
    /// Issues of PANDA that tell of it, as `panda-re/panda#195`, and files of its source.
    public let evidence: [String]

    /// The finding in a line.
    public var text: String {
        (subject.map { "'\($0)': " } ?? "") + message
            + (evidence.isEmpty ? "" : " (\(sources.joined(separator: ", ")))")
    }

    private var sources: [String] {
        evidence.map { $0.replacing("panda-re/panda#", with: "PANDA#") }
    }
}
