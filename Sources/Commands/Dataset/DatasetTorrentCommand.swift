import ArgumentParser
import Datasets
import HostSupport

struct DatasetTorrentCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "torrent",
        abstract: "Make a torrent of a dataset's folder or archive, with web seeds",
        discussion: """
            The torrent is made by mktorrent, read again, and compared with the files. A folder's web seed is the address \
            of the folder above it: clients put the folder's name and the file's path behind. An archive's is its own \
            address. Without trackers, peers find each other by the distributed hash table; without peers, clients \
            download from the web seeds. Where a dataset's own description names web seeds and trackers, these are taken.

            Examples:
              $ pandacap dataset torrent honeypots-2026 --web-seed https://example.org/data/
              $ pandacap dataset torrent honeypots-2026.tar \\
                  --web-seed https://zenodo.org/records/3759652/files/honeypots-2026.tar
              $ pandacap dataset torrent honeypots-2026 --tracker udp://tracker.example.org:6969/announce
            """
    )

    @Argument(help: "The dataset's folder, or an archive of it.", completion: .directory)
    var dataset: String

    @Option(help: ArgumentHelp("Where it can be downloaded; may be given several times.", valueName: "url"))
    var webSeed: [String] = []

    @Option(help: ArgumentHelp("A tracker; may be given several times.", valueName: "url"))
    var tracker: [String] = []

    @Option(
        help: ArgumentHelp(
            "The file to write; NAME.torrent beside the dataset by default.",
            valueName: "file"
        ),
        completion: .directory
    )
    var out: String?

    @Flag(help: "Replace a file that is there already.")
    var force = false

    @Flag(help: "Show the command line, and write nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let contents = FileSystem.settled(HostPath(dataset))
        let about = try? DescribedDataset(contents).description
        let maker = try TorrentMaker(
            of: contents,
            webSeeds: webSeed.isEmpty ? about?.webSeeds ?? [] : webSeed,
            trackers: tracker.isEmpty ? about?.trackers ?? [] : tracker
        )
        let file =
            out.map { FileSystem.settled(HostPath($0)) } ?? contents.parent / "\(contents.name).torrent"
        if FileSystem.isDirectory(contents), file.string.hasPrefix(contents.string + "/") {
            throw Failure(
                .usage,
                "\(file) would lie in the dataset that it is of",
                hint: "give --out another folder"
            )
        }
        if !force { try BufferedOutput.requireNone(file.string) }
        if dryRun {
            try print(TorrentPlan(command: ["mktorrent"] + maker.arguments(to: file)))
            return 0
        }
        if maker.webSeeds.isEmpty, maker.trackers.isEmpty {
            console.warning("without web seeds and trackers, peers have to find each other by themselves")
        }
        let torrent = try await Interrupts.cancelling {
            try await console.step("reading \(ByteSize(bytes: maker.bytes))") { try await maker.make(file) }
        }
        try print(TorrentReport(torrent, at: file))
        return 0
    }
}

/// What would be run.
private struct TorrentPlan: Report {
    let command: [String]

    var text: String { shellLine(command) }
}

/// The torrent that was made.
private struct TorrentReport: Report {
    let path: HostPath
    let name: String
    let infoHash: String
    let files: Int
    let bytes: UInt64
    let pieces: Int
    let pieceBytes: UInt64
    let webSeeds: [String]
    let trackers: [String]

    init(_ torrent: Torrent, at path: HostPath) {
        self.path = path
        name = torrent.name
        infoHash = torrent.infoHash
        files = torrent.files.count
        bytes = torrent.bytes
        pieces = torrent.pieceCount
        pieceBytes = torrent.pieceBytes
        webSeeds = torrent.webSeeds
        trackers = torrent.trackers
    }

    var text: String {
        let seeds = webSeeds.map { "web seed   \($0)" } + trackers.map { "tracker    \($0)" }
        return
            ([
                "\(path)", "contents   \(files) files, \(ByteSize(bytes: bytes))",
                "pieces     \(pieces) of \(ByteSize(bytes: pieceBytes))", "info hash  \(infoHash)",
            ] + seeds).joined(separator: "\n")
    }
}
