/// Why a file of the store cannot be made or read.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: String, Hashable, Sendable {
        /// A file cannot be opened, read or written.
        case cannotAccess = "cannot-access"
        /// What was read is no frame, or is damaged.
        case damagedFrame = "damaged-frame"
        /// What came out of a frame is not what went into it.
        case wrongContents = "wrong-contents"
    }

    /// What went wrong.
    public let code: Code
    /// What failed, on what.
    public let description: String

    /// Describes a failure.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
