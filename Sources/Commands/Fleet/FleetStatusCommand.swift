import ArgumentParser
import Fleets
import Foundation
import HostSupport

struct FleetStatusCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what a fleet is doing",
        discussion: """
            In a terminal the table is drawn anew every second, until Ctrl-C or the fleet's end; --once shows it once. \
            The exit code is 69 where the fleet does not run: what is shown then is what it did last.

            Examples:
              $ pandacap fleet status
              $ pandacap fleet status honeypots.yaml --once
              $ pandacap fleet status honeypots -o /srv/traces --json
            """
    )

    @OptionGroup var options: FleetOptions

    @Flag(help: "Show it once, in a terminal, too.")
    var once = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let folder = try options.folder()
        if StandardStream.output.isTerminal, !once, !global.json {
            Interrupts.take()
            let screen = LiveScreen()
            defer { screen.close() }
            while Interrupts.count == 0, FleetProcess.running(folder) != nil {
                try screen.draw(FleetStatusReport(folder).printableText)
                try await Task.sleep(for: .seconds(1))
            }
        }
        let report = try FleetStatusReport(folder)
        try print(report)
        return report.isRunning ? 0 : Failure.Code.unavailable.exitCode
    }
}

/// What a fleet is doing, or did last.
struct FleetStatusReport: Report {
    let status: FleetStatus
    let isRunning: Bool

    init(_ folder: FleetFolder) throws {
        isRunning = FleetProcess.running(folder) != nil
        status = try FleetStatus.read(from: folder)
    }

    var text: String {
        let totals = status.totals
        var lines = [
            "fleet \(status.name): " + (isRunning ? status.phase.rawValue : "not running")
                + ", since \(status.started.formatted(.iso8601)), process \(status.process)",
            "  engines     kept within bounds by \(status.containment ?? "nothing yet")",
            "  runs        \(totals.runs), \(totals.discarded) of them without a visitor",
            "  sessions    \(totals.sessions) connections, \(totals.recordings) recordings, "
                + "\(ByteSize(bytes: totals.bytes))",
            "  replayed    \(totals.verified) verified, \(totals.diverged) diverged, "
                + "\(status.verification.pending) waiting for up to \(Duration.seconds(status.verification.lag).text)",
        ]
        if !totals.failures.isEmpty {
            let reasons = totals.failures.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines.append("  failed      " + reasons.joined(separator: ", "))
        }
        if let until = status.breakerOpenUntil {
            lines.append(
                "  paused      no guest became ready; the next is tried at \(until.formatted(.iso8601))"
            )
        }
        if let times = text(status.timeToReady) { lines.append("  ready in    " + times) }
        if let times = text(status.turnaround) {
            lines.append("  ready again " + times + " after a recording's end")
        }
        let usage = status.usage
        lines.append(
            "  uses        \(ByteSize(bytes: usage.memory)), "
                + "\(Duration.seconds(usage.processorSeconds).text) of processor time, \(usage.files) files, "
                + "\(usage.threads) threads; \(status.freeBytes.map { "\(ByteSize(bytes: $0))" } ?? "?") of disk are free"
        )
        return (lines + [slotTable]).joined(separator: "\n")
    }

    private func text(_ times: FleetStatus.Times) -> String? {
        guard let median = times.median, let ninetieth = times.ninetieth, let longest = times.longest else {
            return nil
        }
        return
            "\(Duration.seconds(median).text) (median), \(Duration.seconds(ninetieth).text) (nine of ten), "
            + "\(Duration.seconds(longest).text) (longest)"
    }

    private var slotTable: String {
        let rows = status.slots.map { slot in
            [
                "\(slot.number)", slot.state.rawValue, slot.port.map { "\($0)" } ?? "-",
                Duration.seconds(max(0, status.updated.timeIntervalSince(slot.since))).text, "\(slot.runs)",
                "\(slot.recordings)", "\(slot.failures)", slot.run ?? "-", slot.note ?? "",
            ]
        }
        return Table(
            header: ["SLOT", "STATE", "PORT", "FOR", "RUNS", "RECORDINGS", "FAILED", "RUN", "NOTE"],
            rows: rows
        ).text
    }
}
