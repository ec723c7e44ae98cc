/// What things in a guest may be called, so that no name is taken for an option, a path or two words.
enum GuestName {
    /// Whether a text is what packages, modules and suites are called.
    static func isWord(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("-") && !text.hasPrefix(".")
            && text.utf8.allSatisfy { isAlphanumeric($0) || "+-._".utf8.contains($0) }
    }

    /// Whether a text is what Debian calls users and groups: lower case, at most 32 bytes.
    static func isUser(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 32 else { return false }
        let isPlain = text.utf8.allSatisfy { byte in
            isAlphanumeric(byte) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || "-_".utf8.contains(byte)
        }
        return isPlain && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
            && first != UInt8(ascii: "-")
    }

    /// Whether a text names a unit of systemd, with its type.
    static func isUnit(_ text: String) -> Bool {
        let types = [".service", ".socket", ".timer", ".target", ".mount", ".path"]
        let plain = text.replacing("@", with: "")
        return isWord(plain) && types.contains { plain.hasSuffix($0) && plain.count > $0.count }
    }

    /// Whether a path is absolute, each of its components a plain name.
    static func isPath(_ path: String) -> Bool {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        return components.count > 1 && components[0].isEmpty
            && components.dropFirst().allSatisfy { isWord(String($0)) || isHidden($0) }
    }

    /// Whether a path leads below the folder that it starts from.
    static func isRelativePath(_ path: String) -> Bool { isPath("/" + path) }

    /// Whether a component is a plain name with a dot before it, such as `.bashrc`.
    private static func isHidden(_ component: Substring) -> Bool {
        component.hasPrefix(".") && isWord(String(component.dropFirst()))
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
