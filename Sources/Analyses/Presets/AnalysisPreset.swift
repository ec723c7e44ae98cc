public import RunRecords

/// An analysis with a name: plugins in the right order, and the tables that their outputs become.
public struct AnalysisPreset: Sendable {
    /// Its name.
    public let name: String
    /// What it tells, in a line.
    public let summary: String
    /// The plugins, in the order in which they are loaded; none where the recording's log alone is read.
    public let plugins: [PluginRequest]
    /// The plugins where the trace has no profile of the guest's kernel; nothing where it cannot do without.
    let withoutProfile: [PluginRequest]?
    /// Whether it looks for a text that the user gives.
    public let needsText: Bool
    /// What makes its tables.
    let source: any TableSource

    init(
        _ name: String,
        _ summary: String,
        plugins: [PluginRequest],
        withoutProfile: [PluginRequest]? = nil,
        needsText: Bool = false,
        source: any TableSource
    ) {
        self.name = name
        self.summary = summary
        self.plugins = plugins
        self.withoutProfile = withoutProfile
        self.needsText = needsText
        self.source = source
    }

    /// Its tables.
    public var tables: [ResultTable] { source.tables }

    /// All of them.
    public static let all: [AnalysisPreset] = [
        .processes, .syscalls, .files, .coverage, .network, .strings, .taint, .events,
    ]

    /// The sources of tables for plugins that the user names by themselves, too.
    static func sources(for plugins: [PluginRequest]) -> [any TableSource] {
        let names = Set(plugins.map(\.name))
        return all.filter { preset in preset.plugins.first.map { names.contains($0.name) } ?? false }
            .map(\.source)
    }
}
