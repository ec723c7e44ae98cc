import Bootstrap
import Foundation
import HostSupport

/// The folder that the builder is handed; it is the same, byte for byte, where the plan is.
struct BuildContext: Sendable {
    /// The time of all its files: the first second of 2020.
    static let time = 1_577_836_800

    let folder: HostPath

    /// Writes the folder's files; the bundle is there already, rendered into `bootstrap`.
    func write(_ plan: ContainerImagePlan) async throws {
        for file in plan.context {
            let target = folder / file.path
            guard let source = file.source else { continue }
            try FileSystem.createDirectory(target.parent)
            try FileSystem.copy(source, to: target)
            try FileSystem.setMode(target, file.mode)
        }
        try FileSystem.write(plan.dockerfile, to: folder / "Dockerfile")
        // Folders' modes and all times: Podman takes a file with another time for another file.
        try await Tool("find", package: "findutils").run([
            folder.string, "-mindepth", "1", "-type", "d", "-exec", "chmod", "755", "{}", "+",
        ])
        try await Tool("find", package: "findutils").run([
            folder.string, "-exec", "touch", "--no-dereference", "--date=@\(Self.time)", "{}", "+",
        ])
    }
}
