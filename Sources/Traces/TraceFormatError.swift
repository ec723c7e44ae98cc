/// Why a file of a recording cannot be read or believed.
///
/// Two errors are equal when all their parts are; compare ``code`` to tell the kinds of trouble apart.
public struct TraceFormatError: Error, Hashable, Sendable {
    /// What is wrong, for programs.
    public var code: Code

    /// Where it is wrong, in bytes from the start of the file.
    ///
    /// For a log this is the first byte of the entry, which is also where a repair would cut. `nil` when the
    /// trouble is the file as a whole.
    public var offset: Int?

    /// The number of the entry concerned, counted from 0, which is also how many whole ones precede it.
    public var entry: Int?

    /// What was expected and what was found, for people.
    public var message: String

    /// Makes an error from its parts.
    public init(_ code: Code, at offset: Int? = nil, entry: Int? = nil, _ message: String) {
        self.code = code
        self.offset = offset
        self.entry = entry
        self.message = message
    }
}

extension TraceFormatError: CustomStringConvertible {
    /// The message, preceded by the place it speaks of.
    public var description: String {
        var place: [String] = []
        if let entry { place.append("entry \(entry)") }
        if let offset { place.append("byte \(offset)") }
        return place.isEmpty ? message : "\(place.joined(separator: ", ")): \(message)"
    }
}
