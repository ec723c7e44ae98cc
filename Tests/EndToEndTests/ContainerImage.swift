import Foundation
import HostSupport

/// The image that all tests of containers start from, built once for each runtime.
private actor ContainerImages {
    static let shared = ContainerImages()

    private var builds: [TestedRuntime: Task<String, any Error>] = [:]

    func built(_ runtime: TestedRuntime) async throws -> String {
        let task = builds[runtime] ?? Task { try await Self.build(runtime) }
        builds[runtime] = task
        return try await task.value
    }

    private static func build(_ runtime: TestedRuntime) async throws -> String {
        let name = "pandacap-lab"
        var pandacap = try await Lab.shared.ready()
        pandacap.environment = try await runtime.environment
        let output = try await pandacap([
            "container", "build", "--engine", "managed", "--tag", name, "--base", "mmdebstrap",
        ])
        guard output.status == .exited(0) else {
            throw Failure(.unavailable, "'pandacap container build' failed: \(output.standardError)")
        }
        return name
    }
}

/// The name of an image with the real engine, which is built when it is asked for first.
func builtImage(_ runtime: TestedRuntime) async throws -> String {
    try await ContainerImages.shared.built(runtime)
}
