import ArgumentParser
import Catalogue
import Foundation
import HostSupport
import RunRecords

struct RunsShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of a run, and who was connected to its guest",
        discussion: """
            The run's folder is what counts, and not the catalogue: a run of another collection is shown, too.

            Examples:
              $ pandacap runs show RUN-ID
              $ pandacap runs show traces/runs/RUN-ID --json
            """
    )

    @Argument(help: "A run's id, its folder or its run.json.", completion: .runs)
    var run: String

    @OptionGroup var collection: CollectionOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let path = HostPath(collection.collection)
        guard let folder = RunFolder.find(run, in: path) else {
            let bare = RunFolder(FileSystem.absolute(path) / "runs" / run)
            guard !run.contains("/"), FileSystem.isDirectory(bare.path) else {
                throw Failure(
                    .notFound,
                    "'\(run)' is neither a run's folder nor a run in \(FileSystem.absolute(path))",
                    hint: "'pandacap runs' lists those of a collection"
                )
            }
            // Says what is wrong with it.
            _ = try RunRecord.read(from: bare)
            return 0
        }
        let record = try RunRecord.read(from: folder)
        let peers = try RunPeers.read(from: folder) ?? RunPeers.find(in: folder, of: record)
        try print(ShownRun(folder: folder.path, record: record, peers: peers))
        return 0
    }
}

private struct ShownRun: Report {
    let folder: HostPath
    let record: RunRecord
    let peers: RunPeers?

    var text: String {
        var lines = [RunReport(record: record, folder: folder).text]
        if let origin = record.origin {
            let place = origin.kind == .fleet ? "slot" : "item"
            lines.append("  made for   \(origin.kind.rawValue) \(origin.name), \(place) \(origin.number)")
        }
        lines += record.warnings.map { "  warning    \($0)" }
        guard let peers, !peers.peers.isEmpty else { return lines.joined(separator: "\n") }
        let table = Table(
            header: ["PEER", "GUEST'S PORT", "FIRST", "LASTED", "RECEIVED", "SENT", "BANNER", "USERS"],
            rows: peers.peers.map(\.cells)
        )
        lines.append("")
        lines.append(table.text)
        if peers.omitted > 0 { lines.append("and more than \(peers.peers.count) others") }
        if let problem = peers.problem { lines.append(problem) }
        return lines.joined(separator: "\n")
    }
}

extension Peer {
    fileprivate var cells: [String] {
        let place = address.contains(":") ? "[\(address)]" : address
        return [
            "\(isFromGuest ? "-> " : "")\(place):\(port)", "\(guestPort)/\(transport)",
            first.formatted(.iso8601),
            Duration.seconds(max(0, last.timeIntervalSince(first))).text, "\(ByteSize(bytes: received))",
            "\(ByteSize(bytes: sent))", banner ?? "-", users.joined(separator: " "),
        ]
    }
}
