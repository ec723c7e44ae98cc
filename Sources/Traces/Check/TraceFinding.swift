/// Something about a recording that is not as it should be, or that one should know.
public struct TraceFinding: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable, Comparable {
        /// Worth knowing, nothing more.
        case note
        /// Unusual; the recording may replay.
        case warning
        /// The recording cannot be what its engine wrote, or cannot be replayed.
        case error

        /// Orders by badness.
        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    /// Which file it is about.
    public enum File: String, Hashable, Sendable {
        /// The snapshot, `NAME-rr-snp`.
        case snapshot
        /// The log, `NAME-rr-nondet.log`.
        case log
        /// The run's `run.json`.
        case record
    }

    /// What it is, for programs.
    public var code: Code
    /// How bad it is.
    public var severity: Severity
    /// Which file it is about.
    public var file: File
    /// Where it is, in bytes from the start of the file; the first place where there are several.
    public var offset: Int?
    /// The number of the log's entry, counted from 0; the first where there are several.
    public var entry: Int?
    /// How many places there are.
    public var count: Int
    /// What was expected and what was found, for people.
    public var message: String

    /// Makes a finding of its parts.
    public init(
        _ code: Code,
        _ severity: Severity,
        in file: File,
        at offset: Int? = nil,
        entry: Int? = nil,
        count: Int = 1,
        _ message: String
    ) {
        self.code = code
        self.severity = severity
        self.file = file
        self.offset = offset
        self.entry = entry
        self.count = count
        self.message = message
    }

    /// Makes a finding of what a reader says.
    public init(_ error: TraceFormatError, in file: File) {
        self.init(
            Code(error.code),
            .error,
            in: file,
            at: error.offset,
            entry: error.entry,
            error.message
        )
    }
}

extension TraceFinding: CustomStringConvertible {
    /// The severity, the file, the place and the message.
    public var description: String {
        var place = [file.rawValue]
        if let entry { place.append("entry \(entry)") }
        if let offset { place.append("byte \(offset)") }
        let more = count > 1 ? " (\(count) times)" : ""
        return "\(severity.rawValue): \(place.joined(separator: ", ")): \(message)\(more)"
    }
}
