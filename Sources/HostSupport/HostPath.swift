/// A path on the host, kept as text and written as text in every file that PANDAcap makes.
///
/// It is normalised on creation: doubled and trailing slashes are dropped; `.` and `..` are left alone, since
/// removing them could change what a path with symbolic links means.
public struct HostPath: Sendable, Hashable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The path as the operating system takes it.
    public let string: String

    /// Creates a path from text.
    public init(_ string: String) {
        // By scalars, as the operating system sees it: "/" with a combining accent is another character to Swift.
        let absolute = string.unicodeScalars.first == "/"
        let joined = string.unicodeScalars.split(separator: "/").map(String.init).joined(separator: "/")
        self.string = absolute ? "/" + joined : (joined.isEmpty ? "." : joined)
    }

    /// Creates a path from a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// The path as text.
    public var description: String { string }

    /// Whether the path starts at the root.
    public var isAbsolute: Bool { string.unicodeScalars.first == "/" }

    /// The last component, or `/` for the root.
    public var name: String {
        string.unicodeScalars.split(separator: "/").last.map(String.init) ?? string
    }

    /// The folder that holds the last component; `.` where the path has one component only.
    public var parent: HostPath {
        guard let slash = string.unicodeScalars.lastIndex(of: "/") else { return HostPath(".") }
        return slash == string.startIndex ? HostPath("/") : HostPath(String(string[..<slash]))
    }

    /// The number of bytes that the operating system is handed, without the terminating zero.
    public var byteCount: Int { string.utf8.count }

    /// The path of `component` inside this folder; an absolute `component` replaces it.
    public static func / (folder: HostPath, component: String) -> HostPath {
        component.unicodeScalars.first == "/"
            ? HostPath(component) : HostPath(folder.string + "/" + component)
    }

    /// The path that leads here from a folder; both must be absolute and without links, `.` and `..`.
    public func relative(to folder: HostPath) -> HostPath {
        let mine = string.unicodeScalars.split(separator: "/").map(String.init)
        let others = folder.string.unicodeScalars.split(separator: "/").map(String.init)
        let shared = zip(mine, others).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: others.count - shared)
        return HostPath((up + mine.dropFirst(shared)).joined(separator: "/"))
    }

    /// Orders paths as text.
    public static func < (left: HostPath, right: HostPath) -> Bool {
        left.string < right.string
    }
}

extension HostPath: Codable {
    /// Decodes a path from a string.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where the value is no string.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Encodes the path as a string.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }
}
