import ArgumentParser
import Datasets
import HostSupport
import Replays
import Traces

struct TraceUnpackCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "unpack",
        abstract: "Restore a recording that 'trace pack' packed, bit for bit",
        discussion: """
            What it was packed against is looked for beside it, restored or packed, unless --against names it. Both \
            files are compared with their SHA-256 digests before they get their names.

            Examples:
              $ pandacap trace unpack packed/session_000.store.json
              $ pandacap trace unpack session_000.store.json --against OTHER-RUN-ID --out restored
            """
    )

    @Argument(
        help: ArgumentHelp("The recording's NAME.store.json.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var file: String

    @Option(
        help: ArgumentHelp("The sibling that it was packed against.", valueName: "trace"),
        completion: .runs
    )
    var against: String?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that the sibling's run id is looked up in.", valueName: "folder"),
        completion: .directory
    )
    var collection = "traces"

    @Option(
        help: ArgumentHelp("The folder for the result; the working folder otherwise.", valueName: "folder"),
        completion: .directory
    )
    var out = "."

    @Flag(help: "Replace files that are there already.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        func unpack(_ reference: RecordingFiles?) async throws -> RecordingFiles {
            try await Interrupts.cancelling {
                try await RecordingUnpacker(console: console).unpack(
                    HostPath(file),
                    against: reference,
                    into: HostPath(out),
                    replacing: force
                )
            }
        }
        let files: RecordingFiles
        if let against {
            files = try await TraceSource.lend(against, collection: HostPath(collection), console: console) {
                try await unpack(try $0.single().files)
            }
        } else {
            files = try await unpack(nil)
        }
        try print(UnpackReport(snapshot: HostPath(files.snapshotPath), log: HostPath(files.nondetLogPath)))
        return 0
    }
}

/// What was restored, for a person and for a program.
private struct UnpackReport: Report {
    let snapshot: HostPath
    let log: HostPath

    var text: String { "\(snapshot)\n\(log)" }
}
