public import HostSupport

/// A file of variables as the original PANDAcap had them: `KEY=VALUE` lines that `make` can include, too.
///
/// A line has the meaning that `make` gives it, as far as both can agree; where they cannot, there is a warning.
public struct VariablesFile: Sendable {
    /// The variables, in the order of their lines; of a key that is set twice, the later.
    public let variables: [Variable]
    /// Lines that do something else than they seem to.
    public let warnings: [VariableWarning]

    private static let directives = ["-include Makefile.local.vars", "include Makefile.local.vars"]

    /// Reads a file.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``HostSupport/Failure`` where it is missing, unreadable or larger than a mebibyte.
    public init(_ path: HostPath) throws {
        self.init(text: try FileSystem.readText(path, limit: 1 << 20), path: path)
    }

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - text: The lines.
    ///   - path: Where they stand, for origins and warnings.
    public init(text: String, path: HostPath) {
        var found: [Variable] = []
        var warnings: [VariableWarning] = []
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, scalars) in lines.enumerated() {
            let line = index + 1
            func warn(_ problem: String) {
                warnings.append(VariableWarning(file: path, line: line, problem: problem))
            }
            let content = Self.trimmed(scalars)
            guard let first = content.unicodeScalars.first, first != "#", !Self.directives.contains(content)
            else { continue }
            guard let (key, rest) = Self.split(content) else {
                warn("'\(content)' is not KEY=VALUE and has no effect here")
                continue
            }
            let value = Self.value(of: key, rest, warn)
            if let former = found.firstIndex(where: { $0.key == key }) {
                warn("\(key) is set a second time; what \(found[former].origin) says has no effect")
                found.remove(at: former)
            }
            found.append(Variable(key: key, value: value, origin: .file(path, line: line)))
        }
        variables = found
        self.warnings = warnings
    }

    private static func split(_ line: String) -> (key: String, value: String)? {
        let parts = line.unicodeScalars.split(
            separator: "=",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2 else { return nil }
        let key = trimmed(parts[0])
        return Variable.isKey(key) ? (key, trimmed(parts[1])) : nil
    }

    private static func value(of key: String, _ text: String, _ warn: (String) -> Void) -> String {
        var value = text
        if let comment = text.unicodeScalars.firstIndex(of: "#") {
            value = trimmed(text.unicodeScalars[..<comment])
            warn("the value of \(key) ends before '#', where make sees a comment")
        }
        let scalars = value.unicodeScalars
        if scalars.contains(where: { $0 == "\"" || $0 == "'" }) {
            warn("the quotes are a part of the value of \(key)")
        }
        if scalars.contains("$") {
            warn("the value of \(key) refers to another variable, which make replaces and nothing else does")
        }
        if scalars.last == "\\" {
            warn("the value of \(key) ends with a backslash, by which make goes on in the next line")
        }
        return value
    }

    /// The text without what make and people take for blanks at its ends.
    private static func trimmed(_ scalars: Substring.UnicodeScalarView) -> String {
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\r"]
        let start = scalars.firstIndex { !blanks.contains($0) } ?? scalars.endIndex
        let end = scalars.lastIndex { !blanks.contains($0) }.map { scalars.index(after: $0) } ?? start
        return String(scalars[start..<end])
    }
}
