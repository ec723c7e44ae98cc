import Foundation
import HostSupport

/// What a runtime says of an image.
struct FoundImage: Sendable, Hashable {
    /// What the user called it.
    let name: String
    /// What it is, whatever it is called: `sha256:` and a digest of all that makes it.
    let id: String
    /// Its labels.
    let labels: [String: String]

    /// Looks an image up; nothing is fetched.
    ///
    /// - Parameters:
    ///   - name: Its name or id.
    ///   - runtime: Docker or Podman.
    /// - Returns: The image.
    /// - Throws: ``HostSupport/Failure`` with `notFound`, saying how to get it.
    static func find(_ name: String, _ runtime: ContainerRuntime) async throws -> FoundImage {
        guard !name.isEmpty, !name.hasPrefix("-") else {
            throw Failure(.usage, "'\(name)' is no name of a container image")
        }
        let output = try await runtime.tool.output(["image", "inspect", name])
        guard output.status == .exited(0) else {
            throw Failure(
                .notFound,
                "there is no container image '\(name)': \(ContainerRuntime.words(of: output))",
                hint:
                    "'pandacap container build' makes one with an engine, '\(runtime.kind.rawValue) pull \(name)' "
                    + "fetches one"
            )
        }
        let found = try JSONText.decode(
            [ListedImage.Inspection].self,
            from: .init(output.standardOutput.utf8),
            source: "\(runtime.kind.rawValue) image inspect \(name)"
        )
        guard let image = found.first else {
            throw Failure(.notFound, "\(runtime.kind.rawValue) has nothing to say of the image '\(name)'")
        }
        return FoundImage(
            name: name,
            id: "sha256:\(image.id.digits)",
            labels: image.configuration?.labels ?? [:]
        )
    }
}
