import HostSupport

/// The name of an image as both programs take it: `[HOST[:PORT]/]NAME[:TAG][@DIGEST]`.
public struct ImageReference: Sendable, Hashable, CustomStringConvertible {
    /// The name with the registry's, if it has one.
    public let name: String
    /// The tag, where one is named.
    public let tag: String?
    /// The digest, where one is named.
    public let digest: String?

    /// Reads a name.
    ///
    /// - Parameter text: The name.
    /// - Throws: ``HostSupport/Failure`` with `usage` where no program would take it.
    public init(_ text: String) throws {
        let grammar =
            /((?:[A-Za-z0-9][A-Za-z0-9\-]*(?:\.[A-Za-z0-9][A-Za-z0-9\-]*)*(?::[0-9]+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)(?::([A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?/
        guard text.utf8.count <= 255, let match = text.wholeMatch(of: grammar) else {
            throw Failure(
                .usage,
                "'\(Console.printable(text))' cannot be the name of an image",
                hint:
                    "write NAME or NAME:TAG: a name has lower-case letters, digits and single '.', '_', '-' and '/'"
            )
        }
        name = String(match.1)
        tag = match.2.map(String.init)
        digest = match.3.map(String.init)
    }

    /// Whether a text can be a tag.
    static func isTag(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}/) != nil
    }

    /// The name as it was written.
    public var description: String {
        name + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// The name without Docker Hub's own parts, by which `docker.io/library/debian` is `debian`.
    var shortName: String {
        var rest = Substring(name)
        for prefix in ["docker.io/", "index.docker.io/", "library/"] where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
        }
        return String(rest)
    }
}
