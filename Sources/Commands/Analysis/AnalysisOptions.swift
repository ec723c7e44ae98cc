import Analyses
import ArgumentParser
import HostSupport
import RunRecords

/// What is to be found out of traces.
struct AnalysisOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Replay under the plugins of a preset, and make its tables; may be given several times.",
            valueName: "preset"
        )
    )
    var preset: [String] = []

    @Option(
        help: ArgumentHelp(
            "Replay under a plugin; may be given several times.",
            valueName: "name[:arg=value,...]"
        )
    )
    var plugin: [String] = []

    @Option(
        help: ArgumentHelp(
            "What the analysis is called; after its presets and plugins otherwise.",
            valueName: "name"
        )
    )
    var name: String?

    @Option(help: ArgumentHelp("The text that the preset 'strings' looks for.", valueName: "text"))
    var find: String?

    @Flag(help: "Give plugins a log of PANDA's (-pandalog), although none is known to write one.")
    var pandalog = false

    @Flag(help: "Make the analysis anew that was made of the same trace, engine, plugins and arguments.")
    var again = false

    /// Whether anything is to be found out.
    var isGiven: Bool { !preset.isEmpty || !plugin.isEmpty }
    /// Whether something is said that only an analysis kept with its run has.
    var isNamed: Bool { !preset.isEmpty || name != nil || find != nil || again }

    /// What is to be found out.
    ///
    /// - Throws: `Failure` with `usage` where it does not go together.
    func request() throws -> AnalysisRequest {
        try AnalysisRequest(
            presets: preset,
            plugins: plugin,
            name: name,
            text: find,
            wantsPandalog: pandalog
        )
    }

    /// The presets for a command's help.
    static var presetList: String {
        let width = AnalysisPreset.all.map(\.name.count).max() ?? 0
        return "Presets:\n"
            + AnalysisPreset.all.map { preset in
                let space = String(repeating: " ", count: width - preset.name.count + 2)
                return "  \(preset.name)\(space)\(preset.summary)"
            }.joined(separator: "\n")
    }
}

/// What came of an analysis of a trace.
struct AnalysisReport: Report {
    struct Item: Encodable {
        let recording: String
        let folder: HostPath
        let isKept: Bool
        let state: String
        let problem: String?
        let seconds: Double
        let tables: [String: Int]
    }

    let analyses: [Item]

    init(plans: [AnalysisPlan], outcomes: [Analysis.Outcome]) {
        analyses = zip(plans, outcomes).map { plan, outcome in
            Item(
                recording: outcome.manifest.recording,
                folder: plan.identity.folder,
                isKept: outcome.isKept,
                state: outcome.manifest.state.rawValue,
                problem: outcome.manifest.problem,
                seconds: outcome.manifest.seconds,
                tables: Dictionary(
                    outcome.manifest.tables.map { ($0.table.name, $0.rows) },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        }
    }

    var text: String {
        analyses.map { item in
            let time = Duration.seconds(item.seconds).text
            let words =
                item.isKept
                ? "analysed before, in \(time)"
                : item.state == "finished"
                    ? "analysed in \(time)" : "not analysed: \(item.problem ?? item.state)"
            let tables = item.tables.sorted { $0.key < $1.key }.map { "  \($0.key).csv: \($0.value) rows" }
            return (["\(item.recording): \(words); in \(item.folder)"] + tables).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
