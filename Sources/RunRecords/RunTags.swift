import HostSupport

/// What runs are sorted and called by: tags and labels.
public enum RunTags {
    /// Takes tags as they are kept: each once, sorted.
    ///
    /// - Parameter tags: The tags.
    /// - Returns: The tags; nothing where there are none.
    /// - Throws: ``HostSupport/Failure`` with `usage` where one is none: they are up to 60 of `A-Z a-z 0-9 . _ -`, not
    ///   beginning with a dot or a hyphen.
    public static func kept(_ tags: [String]) throws -> [String]? {
        for tag in tags where safeFileName(tag, limit: 60) != tag {
            throw Failure(
                .usage,
                "'\(Console.printable(tag))' is no tag",
                hint: "use up to 60 of A-Z a-z 0-9 . _ -, not beginning with a dot or a hyphen"
            )
        }
        return tags.isEmpty ? nil : tags.uniqued().sorted()
    }

    /// Takes a label as it is kept.
    ///
    /// - Parameter label: The label.
    /// - Returns: The label.
    /// - Throws: ``HostSupport/Failure`` with `usage` where it is none: it is a line of up to 200 characters.
    public static func kept(label: String?) throws -> String? {
        guard let label else { return nil }
        guard !label.isEmpty, label.count <= 200, Console.printable(label) == label else {
            throw Failure(
                .usage,
                "'\(Console.printable(String(label.prefix(80))))' is no label",
                hint: "use one line of up to 200 characters"
            )
        }
        return label
    }
}
