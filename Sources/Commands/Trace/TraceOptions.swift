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

    /// Finds the trace and lends it: its files are there until `body` returns.
    ///
    /// - Parameters:
    ///   - console: What a person is told where it takes time to have the files.
    ///   - body: What to do with it.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws; ``HostSupport/Failure`` where there is no such trace.
    func withSource<Result>(
        _ console: Console,
        _ body: (TraceSource) async throws -> Result
    ) async throws -> Result {
        try await Self.withSource(trace, collection: collection, console, body)
    }

    /// Finds a trace and lends it, as ``withSource(_:_:)`` does with the one that was named.
    static func withSource<Result>(
        _ trace: String,
        collection: String,
        _ console: Console,
        _ body: (TraceSource) async throws -> Result
    ) async throws -> Result {
        try await body(TraceSource(trace, collection: HostPath(collection)))
    }
}
