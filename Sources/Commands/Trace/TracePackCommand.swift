import ArgumentParser
import Datasets
import HostSupport
import Replays
import RunRecords
import TraceStore
import Traces

struct TracePackCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Pack a recording into frames of zstd, alone or against a sibling",
        discussion: """
            A snapshot that is packed against that of another session of the same guest takes a hundredth of what it \
            takes alone. The sibling has to be there when it is unpacked: keep one whole, or packed alone. The plain \
            command unpacks both, without PANDAcap:
              $ zstd -d --long=31 SIBLING-rr-snp.zst
              $ zstd -d --long=31 --patch-from=SIBLING-rr-snp NAME-rr-snp.zst

            Beside the packed files lies NAME.store.json, which says what comes out of them. The source stays as it is.

            Examples:
              $ pandacap trace pack RUN-ID --out packed
              $ pandacap trace pack RUN-ID --against OTHER-RUN-ID --out packed
            """
    )

    @OptionGroup var options: TraceOptions

    @Option(
        help: ArgumentHelp("The sibling that it is packed against.", valueName: "trace"),
        completion: .runs
    )
    var against: String?

    @Option(
        help: ArgumentHelp("The folder for the result; the working folder otherwise.", valueName: "folder"),
        completion: .directory
    )
    var out = "."

    @Option(help: ArgumentHelp("How long to search: a quarter larger, or a fifteenth smaller, than normal."))
    var effort = Effort.normal

    @Flag(help: "Replace files that are there already.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let collection = HostPath(options.collection)
        let stored = try await options.withSource(console) { source in
            let item = try source.single()
            func pack(_ reference: TraceSource.Item?) async throws -> StoredRecording {
                try await Interrupts.cancelling {
                    try await RecordingPacker(effort: effort, console: console).pack(
                        item,
                        against: reference,
                        into: HostPath(out),
                        replacing: force
                    )
                }
            }
            guard let against else { return try await pack(nil) }
            return try await TraceSource.lend(against, collection: collection, console: console) { other in
                try await pack(try other.single())
            }
        }
        try print(PackReport(stored, in: HostPath(out)))
        return 0
    }
}

/// What came of packing, for a person and for a program.
private struct PackReport: Report {
    let path: HostPath
    let recording: StoredRecording
    let bytes: UInt64
    let restoredBytes: UInt64

    init(_ stored: StoredRecording, in folder: HostPath) {
        path = folder / (stored.name + StoredRecording.suffix)
        recording = stored
        bytes = stored.files.reduce(0) { $0 + $1.bytes }
        restoredBytes = stored.files.reduce(0) { $0 + $1.restored.bytes }
    }

    var text: String {
        let rows = recording.files.map { file in
            [
                file.name, "\(ByteSize(bytes: file.restored.bytes))", "\(ByteSize(bytes: file.bytes))",
                "1/\(file.restored.bytes / max(file.bytes, 1))", file.reference?.name ?? "-",
            ]
        }
        return Table(header: ["FILE", "SIZE", "PACKED", "SHARE", "AGAINST"], rows: rows).text
            + "\nunpack it with: \(shellLine(["pandacap", "trace", "unpack", path.string]))"
    }
}
