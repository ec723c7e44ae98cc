/// A text of a guest's, which is any bytes.
///
/// The plugin writes what is no UTF-8 as `\xNN`, and a backslash as `\\`, so the bytes can be had back.
public struct GuestText: Hashable, Sendable, CustomStringConvertible {
    /// The bytes, as the guest had them.
    public let bytes: [UInt8]

    /// Takes bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Undoes the plugin's escapes; nothing where there is one that it does not write.
    public init?(escaped: String) {
        var bytes: [UInt8] = []
        var rest = escaped.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\\"): bytes.append(byte)
            case UInt8(ascii: "x"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
                    let value = UInt8(digits, radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: return nil
            }
        }
        self.bytes = bytes
    }

    /// The text; what is no UTF-8 becomes U+FFFD.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension GuestText {
    /// The text on one line, with keys in place of control characters: `^C`, and `^[` for the escape key.
    public var visible: String {
        var text = String.UnicodeScalarView()
        for scalar in description.unicodeScalars {
            switch scalar.value {
            case 0..<0x20: text.append(contentsOf: ["^", Unicode.Scalar(UInt8(scalar.value) + 0x40)])
            case 0x7f: text.append(contentsOf: "^?".unicodeScalars)
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}
