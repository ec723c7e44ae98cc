/// One word for a POSIX shell: left as it is where that is safe, in single quotes elsewhere.
public func shellQuoted(_ word: String) -> String {
    let safe = word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "@%_-+=:,./".utf8.contains(byte)
        }
    }
    if safe, !word.isEmpty { return word }
    // A shell sees bytes: a quote with a combining accent behind it is one character to Swift, and a quote to it.
    let parts = word.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    return "'" + parts.joined(separator: #"'\''"#) + "'"
}

/// An argument vector as a line that can be pasted into a shell.
public func shellLine(_ words: [String]) -> String {
    words.map(shellQuoted).joined(separator: " ")
}
