/// Text for HTML, XML and SVG.
public enum HTMLText {
    /// A text without anything that markup, or whoever reads it, takes for more than text.
    ///
    /// Goes by Unicode scalars: a quotation mark with an accent on it is one character and yet ends an attribute. Control
    /// and format characters (which turn the direction of what follows) and those that are none become U+FFFD.
    ///
    /// - Parameter text: Text that may come from anybody.
    /// - Returns: The text, for an element or between the quotation marks of an attribute.
    public static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(isPlain(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return result
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20..<0x7f).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .unassigned, .surrogate, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
