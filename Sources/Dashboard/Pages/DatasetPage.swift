import Datasets
import Foundation
import HostSupport
import PageTemplates
import WebServer

/// What is in a dataset, and whether its files are what its manifests say.
struct DatasetPage {
    /// How many traces a page has.
    private static let pageSize = 100

    let dataset: DatasetSource

    /// What there is to be told now.
    func live(at now: Date) async -> LiveValues {
        var live = LiveValues()
        let sentence: String
        switch await dataset.known() {
        case .none:
            sentence = "Nobody has looked at the files yet."
        case .running(let since):
            sentence =
                "The files are read and held against the manifests, since \(Words.age(of: since, at: now))."
            live.layout = "running"
        case .done(let result, let time):
            live.layout = "done"
            sentence =
                result.problems.isEmpty
                ? "Nothing was wrong at \(Words.time(time)): \(Words.number(result.files, "file")), "
                    + "\(Words.size(result.bytes)), read in \(Words.seconds(result.seconds))."
                : "\(Words.number(result.problems.count, "thing was", "things were")) wrong at "
                    + "\(Words.time(time)), when the files had been read."
        case .failed(let reason):
            live.layout = "failed"
            sentence = "The files could not be verified: \(reason)"
        }
        live.values = ["verification": sentence, "sentence": sentence]
        return live
    }

    /// The sums, for programs.
    var summary: DatasetSummary {
        get async throws { DatasetSummary(try await dataset.contents()) }
    }

    /// The page; whoever sees it first has the files verified.
    func page(_ form: WebForm, at now: Date) async throws -> Page {
        let described = try await dataset.contents()
        await dataset.verify()
        let live = await live(at: now)
        let summary = DatasetSummary(described)
        let traces = described.index.traces
        let pages = max(1, (traces.count + Self.pageSize - 1) / Self.pageSize)
        let page = min(max(1, form["page"].flatMap { Int($0) } ?? 1), pages)
        let first = (page - 1) * Self.pageSize
        let shown = traces.dropFirst(first).prefix(Self.pageSize)
        var values: [String: Any] = [
            "title": summary.title, "name": summary.name, "hasName": summary.name != summary.title,
            "facts": summary.facts.map { ["name": $0.name, "value": $0.value] },
            "verification": live.values["verification"] ?? "", "isWrong": false,
            "traces": shown.map(Self.values),
            "summary": pages == 1
                ? Words.number(traces.count, "trace")
                : "\(Words.count(first + 1)) to \(Words.count(first + shown.count)) of \(Words.number(traces.count, "trace"))",
            "hasPages": pages > 1, "hasPrevious": page > 1, "previous": "/dataset?page=\(page - 1)",
            "hasNext": page < pages, "next": "/dataset?page=\(page + 1)",
        ]
        if case .done(let result, _) = await dataset.known() {
            values["isWrong"] = !result.problems.isEmpty
            values["problems"] = result.problems.prefix(200).map { "\($0.check.rawValue): \($0.message)" }
        }
        return Page(
            title: "Dataset \(summary.name)",
            place: .dataset,
            content: try Page.Resource.dataset.get().html(values),
            events: "/dataset/events",
            layout: live.stamp
        )
    }

    private static func values(_ trace: DatasetTrace) -> [String: Any] {
        let files = [trace.snapshot] + [trace.log].compactMap { $0 }
        return [
            "name": trace.name, "image": trace.image, "architecture": trace.architecture,
            "started": trace.started.map(Words.time) ?? "–", "length": Words.seconds(trace.seconds),
            "instructions": trace.instructions.map(Words.count) ?? "–",
            "packed": Words.size(files.reduce(0) { $0 &+ $1.bytes }),
            "restored": Words.size(files.reduce(0) { $0 &+ ($1.restored?.bytes ?? $1.bytes) }),
            "state": trace.isVerified ? "verified" : "not verified", "peers": Words.count(trace.peers.count),
        ]
    }
}
