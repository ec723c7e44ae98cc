public import HostSupport

/// What the dynamic linker has to find for a shared object, as binutils' `readelf` tells it.
public struct SharedObject: Sendable {
    /// A symbol that the object takes from another.
    struct Import: Sendable, Hashable {
        /// The symbol's name.
        let name: String
        /// The version that is asked for, and the library that has to have it.
        let version: Version?
    }

    /// A version that is asked of a library.
    struct Version: Sendable, Hashable {
        /// The version's name, such as `NETTLE_7`.
        let name: String
        /// The library's soname.
        let library: String
    }

    /// Runs readelf in English: its words are translated where the user's language has a translation.
    private static func readelf(_ arguments: [String]) async throws -> String {
        try await Tool("readelf", package: "binutils").run(
            ["--wide"] + arguments,
            environment: ["LC_ALL": "C"]
        )
    }

    /// The sonames that each of some files names as needed.
    ///
    /// - Parameter files: Shared objects and programs.
    /// - Returns: The sonames by file, in the files' order of them.
    /// - Throws: ``HostSupport/Failure`` with readelf's own words.
    public static func needs(of files: [HostPath]) async throws -> [HostPath: [String]] {
        guard !files.isEmpty else { return [:] }
        let text = try await readelf(["--dynamic"] + files.map(\.string))
        var needs: [HostPath: [String]] = [:]
        // With one file, readelf does not print its name.
        var current = files[0]
        for line in text.split(separator: "\n") {
            if line.hasPrefix("File: ") { current = HostPath(String(line.dropFirst(6))) }
            guard line.contains("(NEEDED)"), let name = bracketed(line) else { continue }
            needs[current, default: []].append(name)
        }
        return needs
    }

    /// The symbols that a file takes from others.
    static func imports(of file: HostPath) async throws -> [Import] {
        let versions = try await versions(of: file)
        let text = try await readelf(["--dyn-syms", file.string])
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count >= 8, fields[6] == "UND", fields[4] == "GLOBAL" else { return nil }
            let parts = fields[7].split(separator: "@")
            guard let name = parts.first else { return nil }
            let number = fields.count > 8 ? Int(fields[8].dropFirst().dropLast()) : nil
            return Import(name: String(name), version: number.flatMap { versions[$0] })
        }
    }

    /// The newest version of glibc that a file asks for, such as `2.34`.
    ///
    /// - Parameter file: A shared object or program.
    /// - Returns: The version's numbers; empty where it asks for none.
    /// - Throws: ``HostSupport/Failure`` with readelf's own words.
    public static func glibcVersion(of file: HostPath) async throws -> [Int] {
        try await versions(of: file).values
            .filter { $0.name.hasPrefix("GLIBC_2") }
            .map { $0.name.dropFirst(6).split(separator: ".").compactMap { Int($0) } }
            .max { $0.lexicographicallyPrecedes($1) } ?? []
    }

    private static func versions(of file: HostPath) async throws -> [Int: Version] {
        let text = try await readelf(["--version-info", file.string])
        var versions: [Int: Version] = [:]
        var library = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if let index = words.firstIndex(of: "File:"), index + 1 < words.count {
                library = words[index + 1]
            }
            guard let name = words.firstIndex(of: "Name:"), let number = words.lastIndex(of: "Version:"),
                number > name, number + 1 < words.count, let value = Int(words[number + 1])
            else { continue }
            versions[value] = Version(name: words[name + 1], library: library)
        }
        return versions
    }

    private static func bracketed(_ line: Substring) -> String? {
        guard let start = line.lastIndex(of: "["), let end = line.lastIndex(of: "]"), start < end else {
            return nil
        }
        return String(line[line.index(after: start)..<end])
    }
}
