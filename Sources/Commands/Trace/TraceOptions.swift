import ArgumentParser
import HostSupport
import Replays

/// The trace that a command looks at.
struct TraceOptions: ParsableArguments {
    @Argument(help: "A run's folder or id, a recording, or a folder with recordings.")
    var trace: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that a run's id is looked up in.", valueName: "folder")
    )
    var collection = "traces"

    /// Finds the trace and lends it.
    func withSource<Result>(_ body: (TraceSource) async throws -> Result) async throws -> Result {
        try await Self.withSource(trace, collection: collection, body)
    }

    /// Finds a trace and lends it.
    static func withSource<Result>(
        _ trace: String,
        collection: String,
        _ body: (TraceSource) async throws -> Result
    ) async throws -> Result {
        try await body(TraceSource(trace, collection: HostPath(collection)))
    }
}
