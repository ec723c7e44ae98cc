import ArgumentParser
import Catalogue
import HostSupport
import RunRecords

struct RunsTagCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Sort runs by tags, and say what they are called",
        discussion: """
            Tags and labels are kept in run.json. 'runs --tag' and 'dataset pack --tag' choose by them.

            Examples:
              $ pandacap runs tag RUN-ID --add ssh --add worm
              $ pandacap runs tag RUN-ID RUN-ID --remove worm --label "a scanner"
              $ pandacap runs tag RUN-ID --no-label
            """
    )

    @Argument(help: "The runs' ids, or their folders.", completion: .runs)
    var runs: [String]

    @Option(help: ArgumentHelp("Give them this tag; may be given several times.", valueName: "word"))
    var add: [String] = []

    @Option(help: ArgumentHelp("Take this tag from them; may be given several times.", valueName: "word"))
    var remove: [String] = []

    @Option(help: ArgumentHelp("What they are called, in a line.", valueName: "text"))
    var label: String?

    @Flag(help: "Take their label from them.")
    var noLabel = false

    @Flag(help: "Show what they would have, and write nothing.")
    var dryRun = false

    @OptionGroup var collection: CollectionOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if add.isEmpty, remove.isEmpty, label == nil, !noLabel {
            throw ValidationError("Say what to change: with --add, --remove, --label or --no-label.")
        }
        if label != nil, noLabel { throw ValidationError("--label and --no-label exclude each other.") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let added = try RunTags.kept(add) ?? []
        let named = try RunTags.kept(label: label)
        let place = FileSystem.absolute(HostPath(collection.collection))
        let folders = try runs.map { run in
            guard let folder = RunFolder.find(run, in: place) else {
                throw Failure(
                    .notFound,
                    "'\(run)' is neither a run's folder nor a run in \(place)",
                    hint: "'pandacap runs' lists those of a collection"
                )
            }
            return folder
        }
        var tagged: [TaggedRuns.Run] = []
        for folder in folders {
            // Whoever makes the run writes its record, too.
            let lock = dryRun ? nil : try FileLock(unlessHeld: folder.lock)
            defer { withExtendedLifetime(lock) {} }
            var record = try RunRecord.read(from: folder)
            let tags = ((record.tags ?? []) + added).filter { !remove.contains($0) }
            record.tags = tags.isEmpty ? nil : tags.uniqued().sorted()
            if noLabel { record.label = nil }
            if let named { record.label = named }
            if !dryRun {
                try record.write(to: folder)
                enter(record, folder, console)
            }
            tagged.append(.init(id: record.id.description, tags: record.tags ?? [], label: record.label))
        }
        try print(TaggedRuns(runs: tagged))
        return 0
    }

    private func enter(_ record: RunRecord, _ folder: RunFolder, _ console: Console) {
        let owner = folder.path.parent.parent
        guard FileSystem.exists(Catalogue.file(in: owner)) else { return }
        do {
            try Catalogue(collection: owner, isFilled: false, console: console).enter(record, in: folder)
        } catch {
            console.detail("the catalogue is brought up to date later: \(error)")
        }
    }
}

private struct TaggedRuns: Report {
    struct Run: Encodable {
        let id: String
        let tags: [String]
        let label: String?
    }

    let runs: [Run]

    var text: String {
        runs.map { run in
            "\(run.id): \(run.tags.isEmpty ? "no tags" : run.tags.joined(separator: ", "))"
                + (run.label.map { "; \($0)" } ?? "")
        }.joined(separator: "\n")
    }
}
