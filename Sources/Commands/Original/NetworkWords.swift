import HostSupport

/// The words of `--nic`, which the original put into the engine's command line as they were.
enum NetworkWords {
    /// Takes a text apart as a shell would, and connects what it names `unet0` to our network.
    ///
    /// - Parameter text: The text, such as `-device rtl8139,netdev=unet0`.
    /// - Returns: The words.
    /// - Throws: `Failure` with `usage` where a quote is not closed, or where nothing is connected.
    static func of(_ text: String) throws -> [String] {
        let words = try split(text).map { word in
            word.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0 == "netdev=unet0" ? "netdev=net0" : String($0) }
                .joined(separator: ",")
        }
        guard words.contains(where: { $0.split(separator: ",").contains("netdev=net0") }) else {
            throw Failure(
                .usage,
                "the network device '\(text)' is not connected to the network 'unet0'",
                hint: "write it as '-device NAME,netdev=unet0'"
            )
        }
        return words
    }

    /// The words of a line for a shell, with its quotes and backslashes, and nothing else of a shell's.
    static func split(_ text: String) throws -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                // Within double quotes a backslash is one, except before what it can protect there.
                if quote == "\"", character != "\"", character != "\\" { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else {
            throw Failure(.usage, "the words '\(text)' end within a quote, or with a backslash")
        }
        return words + [word].compactMap { $0 }
    }
}
