import ArgumentParser
import Fleets
import HostSupport

struct RunsReconcileCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Bring runs to their ends whose process died, and end what it left",
        discussion: """
            'fleet up' and 'campaign resume' do so by themselves. Runs whose process died are brought to their ends, \
            recordings that were not ended are made ones that replay, engines and containers that nobody minds are \
            ended, and private folders of processes that died are removed. Runs that are going on are left alone, and \
            nothing that was recorded is thrown away.

            Examples:
              $ pandacap runs reconcile --dry-run
              $ pandacap runs reconcile --verify
              $ pandacap runs reconcile -o /srv/traces --json
            """
    )

    @Flag(help: "Replay what was recorded and not replayed yet, and what is salvaged.")
    var verify = false

    @Flag(help: "Show what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var collection: CollectionOptions
    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        Interrupts.take()
        let engines = try container.source(engine)
        let reconciler = Reconciler(
            collection: try collection.existing(),
            engines: engines,
            console: console
        )
        var result = try await reconciler.run(isPlan: dryRun, proves: verify)
        if verify, !dryRun { result = try await reconciler.verify(result) }
        try print(ReconciledReport(result: result, isPlan: dryRun))
        return 0
    }
}

private struct ReconciledReport: Report {
    let result: Reconciliation
    let isPlan: Bool

    func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    var text: String {
        var lines = result.findings.map { finding in
            "\(isPlan ? "would be " : "")\(finding.deed.rawValue): \(finding.subject)"
                + (finding.note.map { ": \($0)" } ?? "")
        }
        lines.append(
            "\(result.folders) runs, \(result.examined) of them looked into; \(result.goingOn.count) are going on, "
                + "\(result.unverified.count) are to be replayed"
        )
        return lines.joined(separator: "\n")
    }
}
