/// Which packages have a file, as the `Contents` lists of Debian's archive say.
public struct ContentsIndex: Sendable {
    private var packages: [String: Set<String>] = [:]

    /// Makes an empty index.
    public init() {}

    /// Adds lines of a list.
    ///
    /// A line is a path without the slash before it, blanks, and `SECTION/PACKAGE`s with commas between them. One that is
    /// something else is left out.
    ///
    /// - Parameter lines: The lines.
    public mutating func add(_ lines: String) {
        for line in lines.utf8.split(separator: UInt8(ascii: "\n")) {
            // A path may have blanks in it, what comes behind it has none.
            guard let blank = line.lastIndex(where: { $0 == 0x20 || $0 == 0x09 }) else { continue }
            var path = line[..<blank]
            while let last = path.last, last == 0x20 || last == 0x09 { path = path.dropLast() }
            let names = line[line.index(after: blank)...].split(separator: UInt8(ascii: ","))
                .compactMap { $0.split(separator: UInt8(ascii: "/")).last }
                .compactMap { String($0) }
                .filter { !$0.isEmpty }
            guard !path.isEmpty, let name = String(path), !names.isEmpty else { continue }
            packages[name, default: []].formUnion(names)
        }
    }

    /// The packages that have one of some files.
    ///
    /// - Parameter paths: Paths without a slash before them.
    /// - Returns: Names of packages, sorted.
    public func packages(with paths: [String]) -> [String] {
        paths.reduce(into: Set()) { $0.formUnion(packages[$1] ?? []) }.sorted()
    }
}
