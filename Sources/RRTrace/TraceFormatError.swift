/// A file of a recording that breaks the rules of its format.
public struct TraceFormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of rule is broken.
    public enum Code: String, Sendable, Hashable {
        /// The file cannot be read.
        case unreadable
        /// The file ends where more must come: the engine was killed, or its disk was full.
        case notEnded = "not-ended"
        /// Something in the file is not what the format allows.
        case damaged
    }

    /// What kind of rule is broken.
    public let code: Code
    /// Where in the file, in bytes from its start.
    public let offset: UInt64
    /// The number of the log's entry, counted from 0, where it is a log.
    public let entry: UInt64?
    /// What was found and what was expected.
    public let message: String

    /// Describes a broken rule.
    public init(_ code: Code, offset: UInt64, entry: UInt64? = nil, _ message: String) {
        self.code = code
        self.offset = offset
        self.entry = entry
        self.message = message
    }

    /// The message with the place.
    public var description: String {
        message + " (byte \(offset)" + (entry.map { ", entry \($0)" } ?? "") + ")"
    }
}
