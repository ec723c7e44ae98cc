import ArgumentParser
import Catalogue
import Datasets
import Foundation
import HostSupport

struct DatasetPackCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Pack traces of a collection into a dataset that can be published as it is",
        discussion: """
            Verified traces are packed, unless --state names other states. Snapshots become differences from a few \
            that stay whole; the plain zstd command restores them. Each source is compared with the digest in its \
            run.json, and what was changed is refused.

            A packing that was killed goes on where it was when it is begun again with the same arguments. Packing \
            into a dataset adds traces and leaves alone what is there. The collection is not changed.

            Before anything is packed, everything is looked at as 'pandacap dataset scan' does. Where something is \
            found that must not leave and is not acknowledged, nothing is packed; NAME-privacy.json beside the dataset \
            tells what, for you alone.

            Sizes count in powers of 1024: Zenodo's 50 GB and 100 files a record are --split-size 46G --split-files \
            100. Where SOURCE_DATE_EPOCH is set, it is written down as the time of packing.

            Examples:
              $ pandacap dataset pack traces --out honeypots-2026
              $ pandacap dataset pack traces --out honeypots-2026 --description dataset.yaml --split-size 46G
              $ pandacap dataset pack traces --out ssh-only --tag ssh --since 30d --dry-run
              $ pandacap dataset pack traces --out two --run RUN-ID --run RUN-ID --archive
              $ pandacap dataset pack traces --out as-in-2020 --format classic
              $ pandacap dataset pack traces --out shared --anonymise key --canary-file words.txt
            """
    )

    @Argument(help: "The folder that the runs are in.", completion: .directory)
    var collection: String

    @Option(
        help: ArgumentHelp("The dataset's folder, new or made earlier.", valueName: "folder"),
        completion: .directory
    )
    var out: String

    @Option(
        help: ArgumentHelp("Only this run; may be given several times.", valueName: "id"),
        completion: .runs
    )
    var run: [String] = []

    @Option(help: ArgumentHelp("Not this run; may be given several times.", valueName: "id"))
    var exclude: [String] = []

    @OptionGroup(title: "Which runs") var filter: RunFilter

    @Option(
        help:
            "The recordings' form: store (differences, zstd), rr2 (what newer PANDAs replay), classic (of 2020)."
    )
    var format: DatasetIndex.Format = .store

    @Option(
        help: ArgumentHelp(
            "A person's words on the dataset: title, authors, licence; needed for one that is to be published.",
            valueName: "dataset.yaml"
        ),
        completion: .file(extensions: ["yaml"])
    )
    var description: String?

    @Option(help: ArgumentHelp("Split into volumes no larger than this.", valueName: "size"))
    var splitSize: ByteSize?

    @Option(help: ArgumentHelp("Split into volumes of no more files than this.", valueName: "number"))
    var splitFiles: Int?

    @Flag(help: "Make one uncompressed tar of each volume, too, beside it.")
    var archive = false

    @Flag(help: "Leave out the guests' disks.")
    var noDisks = false

    @OptionGroup(title: "What must not leave") var privacy: PrivacyOptions

    @Option(
        help: ArgumentHelp(
            "Replace the peers' addresses in packets and metadata, by the key in this file; it is made where missing.",
            valueName: "file"
        )
    )
    var anonymise: String?

    @Option(
        help: ArgumentHelp(
            "How many files are packed at once; as many as processors and memory allow by default.",
            valueName: "number"
        )
    )
    var jobs: Int?

    @Flag(help: "Show what would be packed, and write nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let splitFiles, splitFiles < 1 { throw ValidationError("--split-files must be 1 or more") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be 1 or more") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let folder = FileSystem.absolute(HostPath(collection))
        guard FileSystem.isDirectory(folder / "runs") else {
            throw Failure(
                .notFound,
                "there is no collection in \(folder)",
                hint: "name a folder that 'pandacap record' has put runs into"
            )
        }
        let target = FileSystem.absolute(HostPath(out))
        guard !(FileSystem.settled(target).string + "/").hasPrefix(FileSystem.settled(folder).string + "/")
        else {
            throw Failure(.usage, "\(target) lies in the collection that is to be packed")
        }
        let selection = try TraceSelection(
            of: try Catalogue.looking(at: folder, console: console),
            query: filter.query,
            runs: run,
            excluded: exclude
        )
        guard !selection.traces.isEmpty else {
            throw Failure(
                .notFound,
                "there is no trace to pack in \(folder)",
                hint: selection.skipped.first.map { "\($0.run): \($0.reason)" }
                    ?? "verified ones are packed, unless --state names other states"
            )
        }
        let packer = DatasetPacker(
            settings: try settings(target, console),
            privacy: try gate(folder, target, console),
            console: console
        )
        if dryRun {
            try print(PackingPlanReport(plan: try await packer.plan(selection)))
            return 0
        }
        Interrupts.take()
        try print(PackingReport(result: try await packer.pack(selection)))
        return 0
    }

    /// What looks at the files before they are packed, and replaces addresses.
    private func gate(_ folder: HostPath, _ target: HostPath, _ console: Console) throws -> PrivacyGate {
        let key = anonymise.map { FileSystem.absolute(HostPath($0)) }
        // A dry run makes no key.
        let map = try key.flatMap { !dryRun || FileSystem.exists($0) ? try AddressMap(keyFile: $0) : nil }
        if map != nil, !dryRun {
            console.warning(
                "addresses are replaced in packets and metadata; the recordings themselves keep them"
            )
        }
        return PrivacyGate(
            try privacy.settings(paths: [folder]),
            map: map,
            report: target.parent / "\(target.name)-privacy.json",
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
            console: console
        )
    }

    private func settings(_ target: HostPath, _ console: Console) throws -> DatasetPacker.Settings {
        let words: DatasetDescription
        if let description {
            words = try DatasetDescription.read(from: FileSystem.absolute(HostPath(description)))
        } else {
            words = try DatasetPacker.description(of: target) ?? .minimal(name: safeName(target.name))
            if !dryRun, !words.isPublishable {
                console.warning(
                    "nobody says who made the dataset and who may use it: write a dataset.yaml, and give it with "
                        + "--description, before it is published"
                )
            }
        }
        let epoch = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(TimeInterval.init)
        var settings = DatasetPacker.Settings(
            target: target,
            description: words,
            version: PandacapVersion.current,
            time: epoch.map { Date(timeIntervalSince1970: $0) } ?? Date()
        )
        settings.format = format
        settings.limits = VolumePlan.Limits(bytes: splitSize?.bytes, files: splitFiles)
        settings.makesArchives = archive
        settings.hasDisks = !noDisks
        settings.jobs = jobs
        return settings
    }

    private func safeName(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
    }
}

private struct PackingPlanReport: Report {
    let plan: PackingPlan

    func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    var text: String {
        let lines = plan.steps.map { step in
            let against = step.reference.map { ", against \($0)" } ?? ""
            let note = step.isThere ? " (there already)" : ""
            return "data/\(step.path)\(note): \(step.work.rawValue) of \(step.source)\(against)"
        }
        let skipped = plan.skipped.map(\.text)
        return
            (lines + skipped + plan.warnings + [
                "would pack \(plan.traceCount) traces into '\(plan.name)' (\(plan.format.rawValue)), reading "
                    + "\(ByteSize(bytes: plan.bytes))"
            ]).joined(separator: "\n")
    }
}

extension TraceSelection.Skipped {
    fileprivate var text: String { "left out: \(run)\(recording.map { " \($0)" } ?? ""): \(reason)" }
}

private struct PackingReport: Report {
    let result: PackingResult

    func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    var text: String {
        var lines = result.skipped.map(\.text)
        for volume in result.volumes {
            lines.append(
                "\(volume.folder): \(volume.traces) traces, \(volume.files) files, \(ByteSize(bytes: volume.bytes))"
                    + (volume.archive.map { "; \($0)" } ?? "")
            )
        }
        lines.append(
            "'\(result.name)' has \(result.traces) traces, \(result.added) of them new; \(result.filesMade) files "
                + "of \(ByteSize(bytes: result.sourceBytes)) were packed in \(Duration.seconds(result.seconds).text)"
        )
        return lines.joined(separator: "\n")
    }
}
