import Fleets
import Foundation
import HostSupport

/// What a campaign would do.
struct CampaignPreview: Report {
    let plan: CampaignPlan
    let folder: HostPath
    let width: Int?
    let script: String?
    let command: [String]?

    var text: String {
        let shown = plan.items.prefix(24).map { "  item \($0.number)     \($0.text), seed \($0.seed)" }
        let rest = plan.items.count > 24 ? ["  and \(plan.items.count - 24) further items"] : []
        var lines =
            [
                "campaign \(plan.name): \(plan.items.count) items",
                "  folder     \(folder)",
                "  tried      up to \(plan.retries + 1) times each",
            ] + (width.map { ["  at once    \($0) on this host"] } ?? []) + shown + rest
        if let command { lines.append("  submitted  \(shellLine(command))") }
        if let script { lines += ["  by each task:"] + script.split(separator: "\n").map { "    \($0)" } }
        return lines.joined(separator: "\n")
    }
}

/// What a campaign came to.
struct CampaignReport: Report {
    let result: CampaignResult

    func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    var text: String {
        CampaignStatusReport(status: result.status, problems: result.problems).text
            + "\n  this time  \(Duration.seconds(result.seconds).text)"
    }
}

/// How far a campaign is.
struct CampaignStatusReport: Report {
    /// The most items that a person is told of one by one.
    private static let mostRows = 40

    let status: CampaignStatus
    var problems: [Int: String] = [:]

    func encode(to encoder: any Encoder) throws { try status.encode(to: encoder) }

    var text: String {
        let states = CampaignStatus.ItemState.allCases.compactMap { state in
            status.count(state) > 0 ? "\(status.count(state)) \(state.rawValue)" : nil
        }
        var lines = [
            "campaign \(status.name): \(status.count(.verified)) of \(status.total) verified"
                + (status.isGoingOn ? ", going on" : ""),
            "  folder     \(status.folder)",
            "  items      \(states.joined(separator: ", "))",
            "  runs       \(status.attempts), \(ByteSize(bytes: status.bytes)) of verified recordings",
        ]
        if let started = status.started, let ended = status.ended {
            let time = Duration.seconds(ended.timeIntervalSince(started)).text
            lines.append("  since      \(started.formatted(.iso8601)), the last run ended \(time) later")
        }
        let failing = status.items.filter { item in
            item.state == .verified && item.commandStatuses.contains { $0 != 0 }
        }
        if !failing.isEmpty {
            lines.append(
                "  statuses   the command ended with another status than 0 in \(failing.count) items"
            )
        }
        let others = status.items.filter { $0.state != .verified && (reason($0) != nil || $0.attempts > 0) }
        guard !others.isEmpty else { return lines.joined(separator: "\n") }
        let rows = others.prefix(Self.mostRows).map { item in
            [
                "\(item.number)", item.state.rawValue, "\(item.attempts)", item.run ?? "-", item.text,
                reason(item) ?? "",
            ]
        }
        lines.append(Table(header: ["ITEM", "STATE", "RUNS", "LAST", "WHAT", "REASON"], rows: rows).text)
        if others.count > Self.mostRows { lines.append("and \(others.count - Self.mostRows) more") }
        return lines.joined(separator: "\n")
    }

    private func reason(_ item: CampaignStatus.Item) -> String? {
        (problems[item.number] ?? item.reason)?.firstLine
    }
}
