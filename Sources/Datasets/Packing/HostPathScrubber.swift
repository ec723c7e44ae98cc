/// Takes the host's paths out of a text, and leaves the last part of each.
enum HostPathScrubber {
    /// What ends a path within a text.
    enum Kind {
        /// An argument of a program: paths stand in lists with commas and semicolons, and may have spaces.
        case argument
        /// A variable of the environment: paths stand in lists with colons.
        case list
        /// A sentence.
        case prose

        fileprivate func ends(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .argument: ",;".unicodeScalars.contains(scalar)
            case .list: scalar == ":"
            case .prose: scalar.properties.isWhitespace || "'\",;()<>`".unicodeScalars.contains(scalar)
            }
        }
    }

    /// The text with each absolute path reduced to its last part; that of the root becomes nothing.
    static func scrub(_ text: String, _ kind: Kind) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            guard begins(scalars, index) else {
                result.append(scalars[index])
                index += 1
                continue
            }
            var end = index
            while end < scalars.count, !kind.ends(scalars[end]) { end += 1 }
            var path = scalars[index..<end]
            // A sentence's own marks.
            var rest: ArraySlice<Unicode.Scalar> = []
            if kind == .prose {
                let mark = path.lastIndex { !":.!?]}".unicodeScalars.contains($0) } ?? path.startIndex
                rest = path[(mark + 1)...]
                path = path[...mark]
            }
            result.append(contentsOf: path.split(separator: "/").last ?? [])
            result.append(contentsOf: rest)
            index = end
        }
        return String(result)
    }

    /// Whether an absolute path begins here: a slash behind no name, and that of no address such as `http://host`.
    private static func begins(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        guard scalars[index] == "/" else { return false }
        if index + 1 < scalars.count, scalars[index + 1] == "/" {
            // More than one slash begins a path as one does, unless it stands in an address.
            return index == 0 || scalars[index - 1] != ":" && !isName(scalars[index - 1])
        }
        return index == 0 || scalars[index - 1] != "/" && !isName(scalars[index - 1])
    }

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "._-~+@%]}".unicodeScalars.contains(scalar)
    }
}
