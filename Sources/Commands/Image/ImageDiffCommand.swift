import ArgumentParser
import DiskFiles
import Foundation
import GuestImages
import HostSupport
import RunRecords

struct ImageDiffCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "List the files that a run added, changed and deleted on its disk",
        discussion: """
            The run's disk is compared with its image's base disk; neither is mounted. What the guest had not yet \
            written to its disk when the run ended is not seen.

            Examples:
              $ pandacap image diff RUN-ID
              $ pandacap image diff traces/runs/RUN-ID --json
            """
    )

    @Argument(help: "A run's folder, or its id.", completion: .runs)
    var run: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that a run's id is looked up in.", valueName: "folder"),
        completion: .directory
    )
    var collection = "traces"

    @Flag(
        help: "Compare the contents of all files, for changes that were made behind the file system's back."
    )
    var contents = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        guard let folder = RunFolder.find(run, in: HostPath(collection)) else {
            throw Failure(
                .notFound,
                "'\(run)' is no run: neither a run's folder nor a run in \(collection)",
                hint: "name a folder that has a run.json, such as traces/runs/RUN-ID"
            )
        }
        // Refuses a run that is still going on: its disk is being written to.
        _ = try await RunRecovery.read(folder)
        let comparison = RunDiskComparison(store: ImageStore(home: Storage.home), console: console)
        let difference = try await Interrupts.cancelling { [contents] in
            try await comparison.compare(folder, contents: contents)
        }
        try print(DiskReport(difference))
        return 0
    }
}

/// What a run changed on its disk, for a person and for a program.
private struct DiskReport: Report {
    struct State: Encodable {
        let type: String
        let mode: String
        let user: UInt32
        let group: UInt32
        let size: UInt64
        let links: Int
        let modified: Date
        let changed: Date
        let accessed: Date

        init(_ inode: ExtInode) {
            func date(_ time: ExtInode.Time) -> Date {
                Date(timeIntervalSince1970: Double(time.seconds) + Double(time.nanoseconds) * 1e-9)
            }
            type = inode.kind.rawValue
            mode = FileMode(bits: inode.mode).description
            user = inode.user
            group = inode.group
            size = inode.byteCount
            links = inode.links
            modified = date(inode.modified)
            changed = date(inode.changed)
            accessed = date(inode.accessed)
        }
    }

    struct Change: Encodable {
        let change: String
        let path: String
        let partition: Int?
        let what: [String]
        let before: State?
        let after: State?
    }

    struct Omission: Encodable {
        let partition: Int?
        let reason: String
    }

    let base: HostPath
    let disk: HostPath
    let changes: [Change]
    let notCompared: [Omission]

    init(_ difference: DiskDifference) {
        base = difference.base
        disk = difference.disk
        changes = difference.volumes.flatMap { volume in
            volume.changes.map { change in
                Change(
                    change: change.kind.rawValue,
                    path: printableName(change.path),
                    partition: volume.partition,
                    what: change.aspects.map(\.rawValue),
                    before: change.before.map { State($0) },
                    after: change.after.map { State($0) }
                )
            }
        }
        notCompared = difference.omissions.map { Omission(partition: $0.partition, reason: $0.reason) }
    }

    var text: String {
        let isDivided = Set(changes.map(\.partition)).count > 1
        let rows = changes.compactMap { change -> [String]? in
            guard let state = change.after ?? change.before else { return nil }
            let place = isDivided ? change.partition.map { "\($0):" } ?? "" : ""
            return [
                change.change, state.type, state.mode, "\(state.size)", state.modified.formatted(.iso8601),
                change.what.isEmpty ? "-" : change.what.joined(separator: ","), place + change.path,
            ]
        }
        let header = ["CHANGE", "TYPE", "MODE", "SIZE", "MODIFIED", "WHAT", "PATH"]
        let table = Table(header: header, rows: rows)
        let rest = notCompared.map { part in
            "not compared: \(part.partition.map { "partition \($0)" } ?? "the disk"), \(part.reason)"
        }
        return ([rows.isEmpty ? "nothing was changed" : table.text] + rest).joined(separator: "\n")
    }
}
