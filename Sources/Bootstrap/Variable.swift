public import HostSupport

/// A setting of the user's: a key, its value, and who set it.
public struct Variable: Sendable, Hashable, Encodable {
    /// Who set a variable; a later one wins.
    public enum Origin: Sendable, Hashable, Encodable, CustomStringConvertible {
        /// A line of a file, counted from 1.
        case file(HostPath, line: Int)
        /// A variable of the environment.
        case environment
        /// `--set` on the command line.
        case commandLine

        /// The origin in a few words.
        public var description: String {
            switch self {
            case .file(let path, let line): "\(path):\(line)"
            case .environment: "environment"
            case .commandLine: "--set"
            }
        }

        /// Encodes the origin in a few words.
        ///
        /// - Parameter encoder: The encoder to write to.
        /// - Throws: What the encoder throws.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(description)
        }
    }

    /// The key: letters, digits and `_`, not beginning with a digit.
    public let key: String
    /// The value, as it is: nothing in it is quoted or replaced.
    public let value: String
    /// Who set it.
    public let origin: Origin

    /// Describes a variable.
    public init(key: String, value: String, origin: Origin) {
        self.key = key
        self.value = value
        self.origin = origin
    }

    /// Whether a text can be a key.
    static func isKey(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}

/// A line of a variables file that does something else than its writer will have meant.
public struct VariableWarning: Sendable, Hashable, Encodable, CustomStringConvertible {
    /// The file.
    public let file: HostPath
    /// The line, counted from 1.
    public let line: Int
    /// What is wrong, and what is done.
    public let problem: String

    /// File, line and problem.
    public var description: String { "\(file):\(line): \(problem)" }
}
