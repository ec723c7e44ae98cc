import Foundation
import HostSupport
import RunRecords

/// What is to be found out of a trace: presets, plugins, and what these need.
public struct AnalysisRequest: Sendable {
    /// What the analysis is called: its folder's name in a run's `analysis`.
    public let name: String
    /// The presets.
    public let presets: [AnalysisPreset]
    /// The plugins that the user names himself.
    public let plugins: [PluginRequest]
    /// The text that the preset `strings` looks for.
    public let text: String?
    /// Whether plugins get a log of PANDA's although none is known to write one.
    public let wantsPandalog: Bool

    /// Describes what is to be found out.
    ///
    /// - Parameters:
    ///   - presets: Names of presets.
    ///   - plugins: Plugins, as `NAME` or `NAME:ARGUMENT=VALUE,...`.
    ///   - name: What to call it; after the presets and plugins where nothing is said.
    ///   - text: What to look for.
    ///   - wantsPandalog: Whether there is to be a log of PANDA's.
    /// - Throws: ``HostSupport/Failure`` with `usage` where that does not go together.
    public init(
        presets: [String],
        plugins: [String],
        name: String? = nil,
        text: String? = nil,
        wantsPandalog: Bool = false
    ) throws {
        self.presets = try presets.uniqued().map { name in
            guard let preset = AnalysisPreset.all.first(where: { $0.name == name }) else {
                throw Failure(
                    .usage,
                    "there is no preset '\(Console.printable(name))'",
                    hint: "there are \(AnalysisPreset.all.map(\.name).joined(separator: ", "))"
                )
            }
            return preset
        }
        self.plugins = try plugins.map { try PluginRequest(parsing: $0) }
        self.text = text
        self.wantsPandalog = wantsPandalog
        let words = self.presets.map(\.name) + self.plugins.map(\.name)
        guard !words.isEmpty else {
            throw Failure(.usage, "nothing is to be found out", hint: "give --preset or --plugin")
        }
        self.name = name ?? safeFileName(words.uniqued().joined(separator: "-"), limit: 80)
        guard safeFileName(self.name, limit: 80) == self.name else {
            throw Failure(
                .usage,
                "'\(Console.printable(self.name))' cannot be an analysis' name",
                hint: "use up to 80 of A-Z a-z 0-9 . _ -, not beginning with a dot or a hyphen"
            )
        }
        let needsText = self.presets.contains(where: \.needsText)
        guard needsText == (text != nil) else {
            throw Failure(
                .usage,
                needsText
                    ? "the preset 'strings' has to know what to look for"
                    : "--find is for the preset 'strings'",
                hint: "give --find TEXT with --preset strings"
            )
        }
        if let text, !(1...500).contains(text.utf8.count) {
            throw Failure(.usage, "--find takes 1 to 500 bytes")
        }
    }

    /// The plugins for a trace, in the order in which they are to be loaded.
    ///
    /// - Parameter hasProfile: Whether the trace knows the guest's kernel.
    /// - Returns: The plugins.
    /// - Throws: ``HostSupport/Failure`` with `usage` where a plugin is wanted with different arguments.
    func plugins(hasProfile: Bool) throws -> [PluginRequest] {
        let all = presets.flatMap { hasProfile ? $0.plugins : $0.withoutProfile ?? $0.plugins } + plugins
        let unique = all.uniqued()
        for plugin in unique where unique.count(where: { $0.name == plugin.name }) > 1 {
            throw Failure(
                .usage,
                "the plugin '\(plugin.name)' is wanted with different arguments, and is loaded once",
                hint: "make two analyses of it"
            )
        }
        return PluginFacts.ordered(unique)
    }

    /// What makes the tables.
    var sources: [any TableSource] { presets.map(\.source) + AnalysisPreset.sources(for: plugins) }

    /// The command-line words that ask for the same.
    public var words: [String] {
        presets.flatMap { ["--preset", $0.name] } + plugins.flatMap { ["--plugin", $0.description] }
            + ["--name", name] + (text.map { ["--find", $0] } ?? []) + (wantsPandalog ? ["--pandalog"] : [])
    }
}
