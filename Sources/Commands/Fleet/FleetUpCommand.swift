import ArgumentParser
import Capture
import Fleets
import HostSupport
import RunRecords

struct FleetUpCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run a fleet until a signal ends it",
        discussion: """
            It stays in the foreground and tells what happens on standard error, as systemd wants it; \
            docs/fleets.md has a unit file. SIGTERM or Ctrl-C drains the fleet: no guest is started any more, \
            recordings are ended properly, and what was recorded is replayed. A second one does not wait for the \
            replays; the next 'fleet up' makes up for them, as it does after a crash.

            Examples:
              $ pandacap fleet up honeypots.yaml
              $ pandacap fleet up honeypots.yaml --dry-run
              $ pandacap fleet up honeypots.yaml --container -o /srv/traces
            """
    )

    @Argument(help: "The fleet's file.", completion: .file(extensions: ["yaml"]))
    var file: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "The folder that runs are kept in, instead of where the file says.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var collection: String?

    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions

    @Flag(help: "Show what the fleet would do, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let path = FileSystem.absolute(HostPath(file))
        let plan = FleetPlan(
            try FleetFile.read(path),
            in: path.parent,
            collection: collection.map { HostPath($0) }
        )
        let supervisor = FleetSupervisor(
            plan: plan,
            version: PandacapVersion.current,
            engines: try container.source(engine),
            console: console
        )
        let first = try await supervisor.check()
        SetupWarnings.tell(of: first.guest, console)
        if dryRun {
            try print(FleetPlanReport(plan: plan, containment: first.guest.containment.text))
            return 0
        }
        try print(FleetSummary(status: try await supervisor.run()))
        return 0
    }
}

/// What a fleet would do.
struct FleetPlanReport: Report {
    let plan: FleetPlan
    let containment: String

    func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    var text: String {
        let ports = plan.slots.map { slot in
            let port = slot.forward.hostPort == 0 ? "any free port" : "\(slot.forward.hostPort)"
            return
                "  slot \(slot.number)     \(slot.forward.hostAddress):\(port) leads to port \(slot.forward.guestPort)"
        }
        let shown = ports.prefix(16) + (ports.count > 16 ? ["  and \(ports.count - 16) further slots"] : [])
        let verifiers = plan.verifiers == 0 ? "nothing is replayed" : "\(plan.verifiers) at once"
        return
            ([
                "fleet \(plan.name): \(plan.slots.count) guests of \(plan.guest.image)",
                "  runs       \(plan.collection)",
                "  recorded   \(plan.trigger.rawValue), \(plan.recordings) of each guest",
                "  engine     kept within bounds by \(containment)",
                "  replayed   \(verifiers)",
            ] + shown).joined(separator: "\n")
    }
}

/// What a fleet did.
struct FleetSummary: Report {
    let status: FleetStatus

    func encode(to encoder: any Encoder) throws { try status.encode(to: encoder) }

    var text: String {
        let totals = status.totals
        let failures = totals.failures.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return
            "fleet \(status.name): \(totals.runs) runs, \(totals.sessions) connections, \(totals.recordings) recordings "
            + "(\(ByteSize(bytes: totals.bytes))), \(totals.verified) verified, \(totals.diverged) diverged"
            + (failures.isEmpty ? "" : "; failed: \(failures.joined(separator: ", "))")
    }
}
