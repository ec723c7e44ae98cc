import Foundation
import HostSupport

/// An unpacked kernel package: the kernel and its modules.
struct KernelTree {
    /// What `uname -r` prints.
    let release: String
    /// The kernel itself.
    let image: HostPath
    private let files: [String: HostPath]

    init(_ folder: HostPath) async throws {
        let kernels = FileSystem.list(folder / "boot").filter { $0.hasPrefix("vmlinuz-") }
        guard kernels.count == 1 else {
            throw Failure(.badData, "the kernel's package holds \(kernels.count) kernels in /boot, not one")
        }
        release = String(kernels[0].dropFirst("vmlinuz-".count))
        image = folder / "boot" / kernels[0]
        let listing = try await Tool("find", package: "findutils").run([
            folder.string, "-type", "f", "-name", "*.ko", "-path", "*/lib/modules/\(release)/*",
        ])
        let paths = listing.split(separator: "\n").map { HostPath(String($0)) }
        files = Dictionary(paths.map { (Self.moduleName($0), $0) }) { first, _ in first }
    }

    /// The files of modules and of those they depend on, in the order in which they can be loaded.
    func modules(_ names: [String]) async throws -> [HostPath] {
        var ordered: [HostPath] = []
        var visited: Set<String> = []
        func visit(_ name: String) async throws {
            guard visited.insert(name).inserted else { return }
            guard let file = files[name] else {
                throw Failure(
                    .configuration,
                    "the kernel \(release) has no module '\(name)'",
                    hint: "where it is built in, leave it out of the recipe's modules"
                )
            }
            for other in try await Self.dependencies(of: file) { try await visit(other) }
            ordered.append(file)
        }
        for name in names { try await visit(Self.normalized(name)) }
        return ordered
    }

    /// What a module's own description says it depends on.
    private static func dependencies(of file: HostPath) async throws -> [String] {
        let text = try await Tool("readelf", package: "binutils").run(["-p", ".modinfo", file.string])
        let mark = "]  depends="
        return text.split(separator: "\n")
            .compactMap { line in line.range(of: mark).map { line[$0.upperBound...] } }
            .flatMap { $0.split(separator: ",") }
            .map { normalized(String($0)) }
    }

    private static func moduleName(_ file: HostPath) -> String {
        normalized(String(file.name.dropLast(".ko".count)))
    }

    /// The kernel does not tell `-` and `_` apart in the names of modules.
    private static func normalized(_ name: String) -> String {
        name.replacingOccurrences(of: "-", with: "_")
    }
}
