/// Why an archive cannot be read or believed.
public struct TraceArchiveError: Error, Hashable, Sendable {
    /// The kinds of trouble an archive can be in; more may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case unknownForm, truncated, damaged, digestMismatch, unsafeName, unsafeMember, duplicateMember
            case missingMember, invalidText, tooLarge, trailingBytes, unsoundTrace
        }

        private let value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// The code's name, as it is spelt here.
        public var description: String { value.rawValue }

        /// It is none of the forms known here.
        public static let unknownForm = Self(.unknownForm)
        /// It stops before its end.
        public static let truncated = Self(.truncated)
        /// Its compression or its tar structure is broken.
        public static let damaged = Self(.damaged)
        /// A member is not what the archive's own digest or count says.
        public static let digestMismatch = Self(.digestMismatch)
        /// A member's name could lead out of the folder, drive a terminal, or has no place in the form.
        public static let unsafeName = Self(.unsafeName)
        /// A member is a link, a device, a pipe or a sparse file.
        public static let unsafeMember = Self(.unsafeMember)
        /// Two members have the same part.
        public static let duplicateMember = Self(.duplicateMember)
        /// The snapshot, the log or the form's mark is not there.
        public static let missingMember = Self(.missingMember)
        /// A member with text does not hold what it should.
        public static let invalidText = Self(.invalidText)
        /// It claims or unpacks to more than the limits allow.
        public static let tooLarge = Self(.tooLarge)
        /// Something follows its end.
        public static let trailingBytes = Self(.trailingBytes)
        /// The log or the snapshot in it breaks the rules of its own format.
        public static let unsoundTrace = Self(.unsoundTrace)
    }

    /// What is wrong, for programs.
    public var code: Code

    /// The member concerned, by the name that the archive gives it, control characters replaced.
    public var member: String?

    /// Where it is wrong, in bytes from the start of the tar as it is uncompressed, or of the file where `member` is
    /// `nil`.
    public var offset: UInt64?

    /// What was expected and what was found, for people.
    public var message: String

    /// Makes an error from its parts.
    public init(_ code: Code, member: String? = nil, at offset: UInt64? = nil, _ message: String) {
        self.code = code
        self.member = member
        self.offset = offset
        self.message = message
    }
}

extension TraceArchiveError: CustomStringConvertible {
    /// The message, preceded by the place it speaks of.
    public var description: String {
        var place: [String] = []
        if let member { place.append("member '\(member)'") }
        if let offset { place.append("byte \(offset)") }
        return place.isEmpty ? message : "\(place.joined(separator: ", ")): \(message)"
    }
}
