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
        let files = plan.context.compactMap { file in
            file.source.map { (source: $0, target: folder / file.path, mode: file.mode) }
        }
        // One program for each folder: file by file they take ten times as long.
        for (target, files) in Dictionary(grouping: files, by: \.target.parent) {
            try FileSystem.createDirectory(target)
            let (same, renamed) = (
                files.filter { $0.source.name == $0.target.name },
                files.filter { $0.source.name != $0.target.name }
            )
            if !same.isEmpty {
                try await Tool("cp", package: "coreutils").run(
                    ["--reflink=auto", "--dereference", "--target-directory", target.string, "--"]
                        + same.map(\.source.string)
                )
            }
            for file in renamed { try FileSystem.copy(file.source, to: file.target) }
            for file in files { try FileSystem.setMode(file.target, file.mode) }
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
