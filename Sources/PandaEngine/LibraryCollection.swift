import Foundation
import HostSupport

/// The shared libraries that an engine needs and the host lacks, gathered into one folder.
struct LibraryCollection {
    /// The folder.
    let folder: HostPath
    /// What was gathered so far.
    private(set) var libraries: [ManagedEngine.Library]
    private let unpacked: [String: HostPath]
    private let host: Set<String>

    /// - Parameters:
    ///   - folder: Where the libraries go.
    ///   - packages: A folder with unpacked Debian packages.
    ///   - present: What is in the folder already.
    /// - Throws: `Failure` where the host does not tell its libraries.
    init(folder: HostPath, packages: HostPath, present: [ManagedEngine.Library]) async throws {
        self.folder = folder
        libraries = present
        unpacked = Self.index(packages)
        let cache = try await Tool("ldconfig", package: "libc-bin").run(["-p"])
        host = Set(
            cache.split(separator: "\n")
                .filter { $0.contains("x86-64") }
                .compactMap { $0.split(whereSeparator: \.isWhitespace).first.map(String.init) }
        )
    }

    /// Gathers what `roots` need, and what that needs in turn.
    ///
    /// - Parameter roots: Shared objects of the engine.
    /// - Returns: The libraries that are nowhere to be had, each with the roots and libraries that need it.
    /// - Throws: `Failure` where an object cannot be read or copied.
    mutating func gather(for roots: [HostPath]) async throws -> [String: [HostPath]] {
        var missing: [String: [HostPath]] = [:]
        var seen = Set(roots.map(\.name)).union(libraries.map(\.name))
        var pending = roots + libraries.map { folder / $0.name }
        while !pending.isEmpty {
            let needs = try await SharedObject.needs(of: pending)
            pending = []
            for (object, names) in needs.sorted(by: { $0.key < $1.key }) {
                for name in names where !host.contains(name) {
                    if missing[name] != nil {
                        missing[name]?.append(object)
                    } else if let source = unpacked[name] {
                        guard seen.insert(name).inserted else { continue }
                        try FileSystem.copy(source, to: folder / name)
                        libraries.append(.init(name: name, source: .debian))
                        pending.append(folder / name)
                    } else if !seen.contains(name) {
                        missing[name] = [object]
                    }
                }
            }
        }
        return missing
    }

    /// Makes stubs for libraries that are nowhere to be had.
    ///
    /// - Parameters:
    ///   - missing: What ``gather(for:)`` returned.
    ///   - work: A folder for their sources.
    /// - Returns: The names of those that no stub can stand for.
    /// - Throws: `Failure` with the compiler's words.
    mutating func addStubs(for missing: [String: [HostPath]], work: HostPath) async throws -> [String] {
        var imports: [HostPath: [SharedObject.Import]] = [:]
        var unknown: [String] = []
        for (name, objects) in missing.sorted(by: { $0.key < $1.key }) {
            guard StubLibrary.prefixes[name] != nil else {
                unknown.append(name)
                continue
            }
            var stub = StubLibrary(name: name)
            for object in Set(objects) {
                if imports[object] == nil { imports[object] = try await SharedObject.imports(of: object) }
                stub.add(imports[object] ?? [])
            }
            try await stub.build(in: folder, work: work)
            libraries.append(.init(name: name, source: .stub))
        }
        return unknown
    }

    /// Every shared library below a folder, by file name, symbolic links resolved.
    private static func index(_ packages: HostPath) -> [String: HostPath] {
        var index: [String: HostPath] = [:]
        let names = FileManager.default.enumerator(atPath: packages.string)
        while let name = names?.nextObject() as? String {
            let path = packages / name
            guard path.name.contains(".so"), let file = FileSystem.resolved(path),
                !FileSystem.isDirectory(file)
            else { continue }
            index[path.name] = file
        }
        return index
    }
}
