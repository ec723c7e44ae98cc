import HostSupport

extension PandalogValue {
    /// The value as JSON.
    ///
    /// Numbers of 64 bits stand as they are; bytes are text where they are UTF-8 without control
    /// characters, and `{"hex": "..."}` where not.
    var json: String {
        var text = ""
        write(to: &text)
        return text
    }

    fileprivate func write(to text: inout String) {
        switch self {
        case .unsigned(let value): text += "\(value)"
        case .signed(let value): text += "\(value)"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let value): text += value.isFinite ? "\(value)" : "null"
        case .text(let value): text += jsonText(value)
        case .bytes(let bytes): text += Self.json(bytes)
        case .message(let message): message.write(to: &text)
        case .list(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        }
    }

    private static func json(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" || $0 == "\t" || $0 == "\r" })
        {
            return jsonText(text)
        }
        return "{\"hex\":\"" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\"}"
    }
}

extension PandalogMessage {
    /// The message as JSON, its fields in the order in which they were met.
    var json: String {
        var text = ""
        write(to: &text)
        return text
    }

    fileprivate func write(to text: inout String) {
        text += "{"
        for (index, field) in fields.enumerated() {
            if index > 0 { text += "," }
            text += jsonText(field.name) + ":"
            field.value.write(to: &text)
        }
        text += "}"
    }
}

extension PandalogEntry {
    /// The entry as an object of JSON, on one line.
    public var json: String {
        let rest = fields.json.dropFirst().dropLast()
        return "{\"pc\":\(counter),\"instr\":\(instruction)" + (rest.isEmpty ? "}" : ",\(rest)}")
    }
}

/// A text as JSON.
func jsonText(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        default: result += JSONText.escape(scalar) ?? String(Character(scalar))
        }
    }
    return result + "\""
}
