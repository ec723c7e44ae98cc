import HostSupport
import TestSupport

/// A collection of three verified traces of commands over ssh, recorded once for all tests of datasets.
actor DatasetLab {
    static let shared = DatasetLab()

    private var preparation: Task<HostPath, any Error>?

    /// The collection; it is only read, and goes with the next test run.
    func collection() async throws -> HostPath {
        let task = preparation ?? Task { try await Self.record() }
        preparation = task
        return try await task.value
    }

    private static func record() async throws -> HostPath {
        let pandacap = try await Lab.shared.ready()
        let image = try await ResumedGuest.shared.name()
        let collection = pandacap.home / "dataset-traces"
        try FileSystem.remove(collection)
        for (number, command) in [
            ["uname", "-a"], ["ls", "-l", "/etc"], ["sh", "-c", "echo canary-7; ps"],
        ].enumerated() {
            let output = try await pandacap(
                ["record", image, "-q", "-o", collection.string, "--run-id", "trace-\(number)"]
                    + (number == 0 ? ["--tag", "first", "--label", "the first one"] : ["--tag", "other"])
                    + ["--"] + command
            )
            guard output.status == .exited(0) else { throw Failure(.unavailable, output.standardError) }
        }
        return collection
    }
}
