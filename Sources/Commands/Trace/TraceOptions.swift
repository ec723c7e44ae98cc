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

    /// Finds the trace.
    func source() async throws -> TraceSource {
        try await TraceSource(trace, collection: HostPath(collection))
    }
}
