/// A name from a disk as text that can be shown anywhere, and read back without doubt.
///
/// A backslash becomes `\\`. Bytes that are no UTF-8, and those of characters that control a terminal or the direction
/// of writing, become `\xHH`; line feed and tab become `\n` and `\t`.
///
/// - Parameter bytes: The name.
/// - Returns: The text.
public func printableName(_ bytes: [UInt8]) -> String {
    // Most names are plain.
    if bytes.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "\\") }) {
        return String(decoding: bytes, as: UTF8.self)
    }
    var text = String.UnicodeScalarView()
    var decoder = UTF8()
    var place = bytes.startIndex
    while place < bytes.endIndex {
        var rest = bytes[place...].makeIterator()
        decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&rest), UTF8.width(scalar) <= bytes.count - place
        else {
            text.append(contentsOf: escaped(bytes[place]))
            place += 1
            continue
        }
        let width = UTF8.width(scalar)
        switch scalar {
        case "\\": text.append(contentsOf: #"\\"#.unicodeScalars)
        case "\n": text.append(contentsOf: #"\n"#.unicodeScalars)
        case "\t": text.append(contentsOf: #"\t"#.unicodeScalars)
        default:
            if isVisible(scalar) {
                text.append(scalar)
            } else {
                for byte in bytes[place..<place + width] { text.append(contentsOf: escaped(byte)) }
            }
        }
        place += width
    }
    return String(text)
}

private func escaped(_ byte: UInt8) -> String.UnicodeScalarView {
    let digits = String(byte, radix: 16)
    return ("\\x" + (digits.utf8.count == 1 ? "0" : "") + digits).unicodeScalars
}

private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
}
