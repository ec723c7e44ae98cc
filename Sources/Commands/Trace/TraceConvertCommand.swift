import ArgumentParser
import Foundation
import HostSupport
import Replays
import RunRecords
import TraceArchives

struct TraceConvertCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Bring a recording into another form: two files, rr2, rr, or an RRArchive",
        discussion: """
            rr2 is what newer PANDAs write and replay, rr what rrpack.py makes, and rrarchive the form of the dataset of \
            2020. The engine at hand replays two files. An archive is read back after it was written, and compared by \
            SHA-256; one that is unpacked is compared with its own digests. The source stays as it is.

            Examples:
              $ pandacap trace convert RUN-ID --to rr2
              $ pandacap trace convert session_000.rr2 --to files --out unpacked
              $ pandacap trace convert old.rr --to rrarchive --name ssh-1
            """
    )

    @OptionGroup var options: TraceOptions

    @Option(help: ArgumentHelp("The form to bring it into.", valueName: "form"))
    var to: TraceForm

    @Option(
        help: ArgumentHelp(
            "The folder for the result, or what to call the archive; the working folder otherwise.",
            valueName: "path"
        ),
        completion: .directory
    )
    var out: String?

    @Option(help: "What to call the recording, instead of what it is called.")
    var name: String?

    @Flag(help: "Replace files that are there already.")
    var force = false

    @Flag(help: "Read an archive to its end and say what would be written, and write nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let converter = try TraceConverter(
            to: to,
            out: out.map { HostPath($0) },
            name: name,
            replacing: force,
            limits: options.limits,
            console: console
        )
        let collection = HostPath(options.collection)
        let outcome =
            dryRun
            ? try await converter.plan(options.trace, collection: collection)
            : try await converter.convert(options.trace, collection: collection)
        try print(ConversionReport(outcome, to: to))
        return 0
    }
}

/// What came of a conversion, for a person and for a program.
private struct ConversionReport: Report {
    struct Side: Encodable {
        let form: String
        let paths: [HostPath]
        let bytes: UInt64?
    }

    let name: String
    let source: Side
    let target: Side
    let snapshot: ArchiveContents.File?
    let log: ArchiveContents.File?
    let memoryBytes: UInt64?
    let os: String?
    let command: String?
    let isWhole: Bool
    let replay: String?
    let warnings: [String]

    init(_ outcome: TraceConverter.Outcome, to form: TraceForm) {
        name = outcome.name
        source = Side(form: outcome.sourceForm.rawValue, paths: [outcome.source], bytes: outcome.sourceBytes)
        target = Side(form: form.rawValue, paths: outcome.targets, bytes: outcome.targetBytes)
        snapshot = outcome.snapshot
        log = outcome.log
        memoryBytes = outcome.memory?.bytes
        os = outcome.description.os
        command = outcome.description.command
        isWhole = outcome.isWhole
        warnings = outcome.warnings
        replay = form == .files && outcome.targetBytes != nil && outcome.isWhole ? Self.replay(outcome) : nil
    }

    /// The command that replays two files; the architecture is only in the engine's name.
    private static func replay(_ outcome: TraceConverter.Outcome) -> String? {
        guard let memory = outcome.memory, let snapshot = outcome.targets.first else { return nil }
        let engine = outcome.description.command?.firstMatch(of: /(?:-system-|libpanda-)([a-z0-9_]+)/)
        let architecture = engine.flatMap { GuestArchitecture(rawValue: String($0.1)) }
        let words = ["pandacap", "-m", "\(memory.mebibytes)", "-t", architecture?.rawValue ?? "ARCHITECTURE"]
        return shellLine(words + ["repl", "--rr", String(snapshot.string.dropLast("-rr-snp".count))])
    }

    var text: String {
        func size(_ bytes: UInt64?) -> String { bytes.map { "\(ByteSize(bytes: $0))" } ?? "-" }
        let rows =
            [["source", source.form, size(source.bytes), "\(source.paths[0])"]]
            + target.paths.map { path in
                ["target", target.form, size(target.bytes.flatMap { _ in FileSystem.size(path) }), "\(path)"]
            }
        let files = [("snapshot", snapshot), ("log", log)].compactMap { title, file in
            file.map { [title, "\($0.bytes)", $0.sha256] }
        }
        var lines = [Table(header: ["", "FORM", "SIZE", "PATH"], rows: rows).text]
        if !files.isEmpty { lines.append(Table(header: ["FILE", "BYTES", "SHA-256"], rows: files).text) }
        if let replay { lines.append("replay it with: \(replay)") }
        return lines.joined(separator: "\n")
    }
}
