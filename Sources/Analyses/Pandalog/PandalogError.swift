/// Why a log of PANDA's cannot be read or believed.
public struct PandalogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: String, Sendable {
        /// The file cannot be opened or read.
        case cannotRead
        /// The engine did not come to close it: it has no header or no directory.
        case notClosed
        /// It is of another version.
        case unknownVersion
        /// The directory of its chunks does not fit the file.
        case badDirectory
        /// A chunk cannot be decompressed, or is cut.
        case badChunk
        /// An entry is no message of protobuf's.
        case badEntry
        /// Something is larger than is believed.
        case tooLarge
    }

    /// What is wrong, for programs.
    public let code: Code
    /// Where: bytes from the start of the file; those of an entry are its chunk's.
    public let offset: UInt64?
    /// The number of the entry, counted from 0.
    public let entry: Int?
    /// What was expected and found.
    public let message: String

    /// Describes an error.
    public init(_ code: Code, at offset: UInt64? = nil, entry: Int? = nil, _ message: String) {
        self.code = code
        self.offset = offset
        self.entry = entry
        self.message = message
    }

    /// The place and the message.
    public var description: String {
        let place = [entry.map { "entry \($0)" }, offset.map { "byte \($0)" }].compactMap { $0 }
        return (place.isEmpty ? "" : place.joined(separator: ", ") + ": ") + message
    }
}
