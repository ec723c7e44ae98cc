import ArgumentParser
import Datasets
import Foundation
import HostSupport

struct DatasetPublishCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Upload a dataset to Zenodo, and publish it where that is asked for",
        discussion: """
            A draft is made, each volume is uploaded as one archive, and the draft is described as .zenodo.json says. \
            Nothing is public then: look at the draft in the browser, and run the command again with --publish. What is \
            published stays for good.

            A command that was interrupted goes on where it ended when it is run again: NAME-deposit.json beside the \
            dataset says which draft it was, and files that are there, whole, are not uploaded again.

            The token is taken from ZENODO_TOKEN. Try it on the sandbox first, which has accounts and tokens of its own.

            Examples:
              $ pandacap dataset publish honeypot-2026 --sandbox --dry-run
              $ ZENODO_TOKEN=$(pass zenodo-sandbox) pandacap dataset publish honeypot-2026 --sandbox
              $ ZENODO_TOKEN=$(pass zenodo) pandacap dataset publish honeypot-2026 --publish
            """
    )

    @Argument(
        help: ArgumentHelp("A dataset's folder, or its volumes' folders or archives.", valueName: "dataset")
    )
    var datasets: [String]

    @Flag(help: "Use Zenodo's sandbox, whose records mean nothing.")
    var sandbox = false

    @Option(help: ArgumentHelp("Another service with the same interface.", valueName: "address"))
    var baseURL: String?

    @Option(help: ArgumentHelp("Use this draft instead of a new one.", valueName: "number"))
    var deposit: Int?

    @Flag(help: "Publish the draft: it cannot be taken back.")
    var publish = false

    @Option(help: ArgumentHelp("How often a request is made at most.", valueName: "number"))
    var attempts = 8

    @Option(
        help: ArgumentHelp(
            "How long to wait before the second attempt, such as 1s; twice as long before each further one.",
            valueName: "time"
        ),
        transform: { text in
            guard let span = Duration(text: text) else {
                throw ValidationError("'\(text)' is no time such as 1s.")
            }
            return span
        }
    )
    var retryDelay: Duration = .seconds(1)

    @Flag(help: "Show what would be uploaded, and ask nobody anything.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard attempts > 0 else { throw ValidationError("--attempts is 1 at least.") }
        if sandbox, baseURL != nil { throw ValidationError("Give one of --sandbox and --base-url.") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let service = try baseURL.map { try DepositService(address: $0) } ?? (sandbox ? .sandbox : .zenodo)
        let plan = try await UploadPlan(datasets.map { HostPath($0) })
        for dataset in datasets { try requireHarmless(HostPath(dataset)) }
        if dryRun {
            try print(
                PublishPlanReport(
                    service: service.base,
                    files: plan.items.map { PublishPlanReport.File(name: $0.name, isMade: $0.folder != nil) },
                    publishes: publish
                )
            )
            return 0
        }
        let token = try DepositToken(from: ProcessInfo.processInfo.environment, for: service)
        let publisher = DatasetPublisher(
            to: service,
            token: token,
            attempts: attempts,
            delay: retryDelay,
            console: console
        )
        let (deposit, publish) = (deposit, publish)
        let result = try await Interrupts.cancelling {
            try await publisher.publish(plan, deposit: deposit, isPublishing: publish)
        }
        console.endProgress()
        try print(PublishReport(result: result, again: plan.commandLine + (sandbox ? " --sandbox" : "")))
        return 0
    }

    /// A scan that found something forbids it, whoever packed the dataset.
    private func requireHarmless(_ dataset: HostPath) throws {
        let path = FileSystem.settled(dataset)
        let report = path.parent / "\(path.name)-privacy.json"
        if FileSystem.isRegularFile(report) { try PrivacyReport.read(report).requireHarmless(report: report) }
    }
}

/// What would be uploaded.
private struct PublishPlanReport: Report {
    struct File: Encodable {
        let name: String
        let isMade: Bool
    }

    let service: String
    let files: [File]
    let publishes: Bool

    var text: String {
        let lines = files.map { "would upload \($0.name)" + ($0.isMade ? ", made of the folder" : "") }
        return (lines + ["would \(publishes ? "publish" : "leave it a draft") at \(service)"]).joined(
            separator: "\n"
        )
    }
}

/// What was uploaded.
private struct PublishReport: Report {
    let result: DatasetPublisher.Result
    let again: String

    enum CodingKeys: String, CodingKey { case result }

    var text: String {
        let lines = result.files.map { file in
            "\(file.name)  \(ByteSize(bytes: file.bytes))  \(file.wasThere ? "was there" : "uploaded")"
        }
        let end =
            result.isPublished
            ? ["published" + (result.doi.map { " as https://doi.org/\($0)" } ?? "")]
            : [
                "a draft, not public: \(result.page ?? "number \(result.deposit)")",
                "when it is as it should be: \(again) --publish",
            ]
        return (lines + end).joined(separator: "\n")
    }
}
