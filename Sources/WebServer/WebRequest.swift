import Foundation

/// What somebody asks of a server: all of it may come from anybody.
public struct WebRequest: Sendable {
    /// What is wanted.
    public enum Method: String, Sendable {
        /// A page or a file.
        case get = "GET"
        /// What would come before the contents of such.
        case head = "HEAD"
        /// A change.
        case post = "POST"
    }

    /// What is wanted; nothing where it is nothing of ours.
    public let method: Method?
    /// The parts of the path, decoded; nothing of the root.
    public let path: [String]
    /// What stands behind the question mark.
    public let query: WebForm
    /// What a form sent.
    public let form: WebForm
    private let headers: [(name: String, value: String)]

    /// Takes a request apart.
    ///
    /// - Parameters:
    ///   - method: Its method.
    ///   - target: Its path with the query, as it was sent.
    ///   - headers: Its headers.
    ///   - body: What a form sent.
    public init(
        _ method: String,
        _ target: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = Method(rawValue: method)
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = (parts.first ?? "").split(separator: "/").map { WebForm.decoded($0, plusIsSpace: false) }
        query = WebForm(parts.count > 1 ? parts[1] : "")
        form = WebForm(Substring(String(decoding: body, as: UTF8.self)))
        self.headers = headers
    }

    /// The value of a header; nothing where there is none, or more than one.
    ///
    /// - Parameter name: Its name, in any case.
    /// - Returns: The value.
    public func header(_ name: String) -> String? {
        let found = headers.filter { $0.name.lowercased() == name.lowercased() }
        return found.count == 1 ? found[0].value : nil
    }

    /// The value of a cookie; the first where there are several.
    ///
    /// - Parameter name: Its name.
    /// - Returns: The value.
    public func cookie(_ name: String) -> String? {
        let pairs = headers.filter { $0.name.lowercased() == "cookie" }.flatMap {
            $0.value.split(separator: ";")
        }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name {
                return parts[1].trimmingCharacters(in: .whitespaces)
            }
        }
        return nil
    }
}

/// Names and values, as addresses and forms have them.
public struct WebForm: Sendable, Hashable {
    /// A name with a value.
    public struct Field: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value.
        public let value: String

        /// A name with a value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The fields, in their order.
    public let fields: [Field]

    /// Takes fields.
    public init(_ fields: [Field]) {
        self.fields = fields
    }

    /// Reads what was sent; no more than a hundred fields.
    public init(_ text: Substring) {
        fields = text.split(separator: "&").prefix(100).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Field(
                Self.decoded(parts[0], plusIsSpace: true),
                parts.count > 1 ? Self.decoded(parts[1], plusIsSpace: true) : ""
            )
        }
    }

    /// The value of a name, where it was given once and is not empty.
    public subscript(name: String) -> String? {
        let found = fields.filter { $0.name == name && !$0.value.isEmpty }
        return found.count == 1 ? found[0].value : nil
    }

    /// Every value of a name that is not empty.
    ///
    /// - Parameter name: The name.
    /// - Returns: The values.
    public func all(_ name: String) -> [String] {
        fields.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// The fields as an address has them behind the question mark.
    public var text: String {
        fields.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    /// A text as a part of a path, or of a query: whatever is in it, it is one part.
    ///
    /// - Parameter text: The text.
    /// - Returns: ASCII.
    public static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || "0123456789-_~.".unicodeScalars.contains(scalar))
            result += isPlain ? String(scalar) : "%" + hexadecimal(byte)
        }
        return result
    }

    static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }
}
