import ArgumentParser
import HostSupport
import Replays
import TraceArchives

/// The trace that a command looks at.
struct TraceOptions: ParsableArguments {
    @Argument(
        help:
            "A run's folder or id, a recording, a folder with recordings, or an archive (rr2, rr, RRArchive).",
        completion: .runs
    )
    var trace: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that a run's id is looked up in.", valueName: "folder"),
        completion: .directory
    )
    var collection = "traces"

    @Option(
        help: ArgumentHelp(
            "How much an archive may unpack to; 64G, and no more than a thousand times its own size, otherwise.",
            valueName: "size"
        )
    )
    var limit: ByteSize?

    /// What to believe of an archive: who names a size knows what he has.
    var limits: ArchiveLimits {
        limit.map { ArchiveLimits(unpackedBytes: $0.bytes, ratio: .max) } ?? ArchiveLimits()
    }

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
        try await TraceSource.lend(
            trace,
            collection: HostPath(collection),
            limits: limits,
            console: console,
            body
        )
    }
}
