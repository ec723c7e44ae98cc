import ArgumentParser
import Datasets
import Foundation
import HostSupport
import RunRecords

struct DatasetScanCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Look for what must not be published: keys, names, addresses, paths, words of your choice",
        discussion: """
            Looked at are the files that a dataset is made of: snapshots (across the borders of pages, too), logs, disks, \
            packets and metadata of the collection's runs, or of one run; what comes out of a packed dataset; and every \
            file of any other folder. 'pandacap dataset pack' does the same by itself.

            Found are private keys, the keys, addresses, names, home folders and paths of this machine and its user, and \
            the canaries that are given. What is encrypted or compressed is not found, but for disks with compressed \
            clusters.

            The exit code is 77 where something must not leave that is not acknowledged.

            Examples:
              $ pandacap dataset scan traces
              $ pandacap dataset scan RUN-ID --canary 'Project Zugspitze' --acknowledge guest-key
              $ pandacap dataset scan traces --canary-file words.txt --json > report.json
              $ pandacap dataset scan honeypots-2026
            """
    )

    @Argument(
        help: ArgumentHelp("A collection, a run's folder or id, or any folder or file.", valueName: "path"),
        completion: .file()
    )
    var path: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder in which a run's id is looked up.", valueName: "folder"),
        completion: .directory
    )
    var collection = "traces"

    @OptionGroup(title: "What must not leave") var privacy: PrivacyOptions

    @Option(
        help: ArgumentHelp(
            "How many files are read at the same time; as many as there are processors by default.",
            valueName: "number"
        )
    )
    var jobs: Int?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard jobs ?? 1 > 0 else { throw ValidationError("--jobs is 1 at least.") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let named = FileSystem.absolute(HostPath(path))
        let start = ContinuousClock.now
        let report =
            PackedScan.isDataset(named)
            ? try await lookInto(dataset: named, console) : try await lookAtFiles(of: named, console)
        console.endProgress()
        let shown = ScanReport(report, in: ContinuousClock.now - start)
        try print(shown)
        return shown.isBlocked ? Failure.Code.notPermitted.exitCode : 0
    }

    private var readers: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

    private func lookInto(dataset: HostPath, _ console: Console) async throws -> PrivacyReport {
        let packed = PackedScan(
            PrivacyScan(try privacy.settings(paths: [dataset])),
            jobs: readers,
            console: console
        )
        return try await Interrupts.cancelling {
            try await packed.report(of: ArrivedDataset(dataset, console: console))
        }
    }

    private func lookAtFiles(of named: HostPath, _ console: Console) async throws -> PrivacyReport {
        let (files, folder) = try choose(named)
        guard !files.isEmpty else { throw Failure(.notFound, "there is nothing to look at in \(named)") }
        let scan = PrivacyScan(try privacy.settings(paths: [folder]))
        let total = files.compactMap { FileSystem.size($0.path) }.reduce(0, +)
        let jobs = readers
        return try await Interrupts.cancelling {
            try await scan.scan(files, scratch: Storage.temporary, jobs: jobs) { bytes in
                console.progress("looked at \(ByteSize(bytes: bytes)) of \(ByteSize(bytes: total))")
            }
        }
    }

    /// The files that are meant, and the folder that they are in.
    private func choose(_ named: HostPath) throws -> ([ScannedFile], HostPath) {
        if FileSystem.isDirectory(named / "runs") {
            let runs = FileSystem.list(named / "runs").map { RunFolder(named / "runs" / $0) }
                .filter { FileSystem.exists($0.record) }
            return (runs.flatMap { ScannedFile.files(of: $0) }, named)
        }
        if let run = RunFolder.find(path, in: HostPath(collection)) {
            return (ScannedFile.files(of: run), run.path.parent.parent)
        }
        if FileSystem.isDirectory(named) { return (ScannedFile.files(in: named), named) }
        guard FileSystem.isRegularFile(named) else {
            throw Failure(
                .notFound,
                "'\(path)' is no collection, no run and no file",
                hint: "-o names the collection that a run's id is looked up in"
            )
        }
        return (ScannedFile.files(in: named.parent).filter { $0.path == named }, named.parent)
    }
}
