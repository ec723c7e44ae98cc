import Foundation
import HostSupport

/// The shared libraries in unpacked packages, and which of them a program needs.
struct SharedLibraries {
    /// A library, and where the guest's loader looks for it.
    struct Library {
        let file: HostPath
        let path: String
    }

    private let files: [String: HostPath]

    /// Looks for libraries in a folder of unpacked packages.
    init(_ packages: HostPath) async throws {
        let listing = try await Tool("find", package: "findutils").run([
            packages.string, "-name", "*.so*", "-path", "*/lib*", "!", "-type", "d",
        ])
        let paths = listing.split(separator: "\n").map { HostPath(String($0)) }.sorted()
        files = Dictionary(paths.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The libraries that a program needs, and those that they need; none where it is linked statically.
    func needed(by program: HostPath) async throws -> [Library] {
        let header = try await read(program)
        guard let loader = Self.bracketed(header, after: "Requesting program interpreter: ").first else {
            return []
        }
        guard let loaderFile = files[HostPath(loader).name] else { throw Self.missing(loader, for: program) }
        var found = [loaderFile.name: Library(file: loaderFile, path: loader)]
        var names = Self.bracketed(header, after: "Shared library: [")
        while let name = names.popLast() {
            guard found[name] == nil else { continue }
            guard let file = files[name] else { throw Self.missing(name, for: program) }
            found[name] = Library(file: file, path: "/lib/\(name)")
            names += Self.bracketed(try await read(file), after: "Shared library: [")
        }
        return found.values.sorted { $0.path < $1.path }
    }

    private func read(_ file: HostPath) async throws -> String {
        try await Tool("readelf", package: "binutils").run(
            ["-W", "-l", "-d", file.string],
            environment: ["LC_ALL": "C"]
        )
    }

    /// The texts between `prefix` and the next closing bracket.
    private static func bracketed(_ text: String, after prefix: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            guard let range = line.range(of: prefix) else { return nil }
            return String(line[range.upperBound...].prefix { $0 != "]" })
        }
    }

    private static func missing(_ name: String, for program: HostPath) -> Failure {
        Failure(
            .configuration,
            "the program \(program.name) needs \(name), which no package of the recipe holds"
        )
    }
}
