import ArgumentParser
import Dashboard
import Fleets
import HostSupport
import Inspection
import Replays
import RunRecords

struct ServeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Show fleets, runs and a dataset in a browser, until Ctrl-C",
        discussion: """
            The address that is printed lets one browser in, once; after that another one is printed, for another \
            browser. Nothing can be changed unless --allow-control is given. It needs no network.

            Examples:
              $ pandacap serve
              $ pandacap serve --collection /srv/traces --dataset honeypots-2026 --listen 127.0.0.1:8090
              $ pandacap serve --fleet fleets/ssh-honeypot.yaml --allow-control
              $ pandacap serve --json
            """
    )

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "A folder that runs are in, with its fleets; may be given several times. The default is traces.",
            valueName: "folder"
        )
    )
    var collection: [String] = []

    @Option(help: ArgumentHelp("A fleet's file; may be given several times.", valueName: "file"))
    var fleet: [String] = []

    @Option(help: ArgumentHelp("A dataset, or a volume of one.", valueName: "folder"))
    var dataset: String?

    @Option(
        help: ArgumentHelp(
            "Where to listen; port 0 is any that is free.",
            valueName: "address:port"
        )
    )
    var listen = "127.0.0.1:0"

    @Flag(help: "Listen at an address that others can reach, too. What is sent is not encrypted.")
    var allowRemote = false

    @Flag(help: "Let fleets be drained and ended.")
    var allowControl = false

    @Option(name: .customLong("for"), help: ArgumentHelp("End by itself after this time.", valueName: "time"))
    var length: TimeSpan?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard let address = ListenAddress(listen) else {
            throw ValidationError("--listen takes an address with a port, such as 127.0.0.1:8090")
        }
        if !address.isLoopback, !allowRemote {
            throw ValidationError("others can reach \(address.address): give --allow-remote, too")
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        guard let address = ListenAddress(listen) else {
            throw Failure(.usage, "'\(listen)' is no address")
        }
        Interrupts.take()
        let fleets = try fleet.map { file in
            let path = FileSystem.absolute(HostPath(file))
            let plan = FleetPlan(try FleetFile.read(path), in: path.parent)
            return FleetFolder(collection: plan.collection, name: plan.name)
        }
        // Whoever names a fleet or a dataset alone needs no collection.
        let wantsDefault = fleets.isEmpty && dataset == nil || FileSystem.isDirectory("traces/runs")
        var settings = DashboardSettings(
            collections: (collection.isEmpty && wantsDefault ? ["traces"] : collection).map { HostPath($0) },
            address: try address.chosen(),
            version: PandacapVersion.current
        ) { run in
            try await ReportPage.read(run)
        }
        settings.fleets = fleets
        settings.dataset = dataset.map { HostPath($0) }
        settings.allowsControl = allowControl
        let dashboard = try Dashboard(settings, console: console)
        if !address.isLoopback {
            console.warning(
                "others can reach \(settings.address), and what is sent is not encrypted: whoever sees the address "
                    + "or the cookie sees everything"
            )
        }
        let report = ServedAddress(url: dashboard.address, address: settings.address.description)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await dashboard.run {
                    try? print(report)
                    console.step("Ctrl-C ends it")
                }
            }
            group.addTask { try await waitForEnd() }
            defer { group.cancelAll() }
            try await group.next()
        }
        return 0
    }

    private func waitForEnd() async throws {
        let end = length.map { ContinuousClock.now + $0.duration }
        while Interrupts.count == 0 {
            if let end, ContinuousClock.now >= end { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        // To draw a page to its end may take long.
        Interrupts.giveBack()
    }
}

/// Where the dashboard is.
private struct ServedAddress: Report {
    let url: String
    let address: String

    var text: String { url }
}

extension ReportPage {
    /// The page with pictures of a run.
    fileprivate static func read(_ run: HostPath) async throws -> String {
        let source = try TraceSource(asRecordedIn: RunFolder(run))
        let sections = try source.items.map { item in
            try Task.checkCancellation()
            return try ReportSection.read(item, of: source).0
        }
        return try ReportPage(
            title: run.name,
            generator: "pandacap \(PandacapVersion.current)",
            sections: sections
        ).html()
    }
}
