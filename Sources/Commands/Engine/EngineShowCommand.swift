import ArgumentParser
import HostSupport
import PandaEngine
import RunRecords

struct EngineShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Tell an engine's version and build, and which of its plugins load",
        discussion: """
            Examples:
              $ pandacap engine show
              $ pandacap engine show --arch i386 --json
            """
    )

    @OptionGroup var selection: EngineOptions

    @Option(name: .customLong("arch"), help: "The architecture of the guests.")
    var architecture: GuestArchitecture = .x8664

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let finder = try selection.finder()
        let engine = try await finder.find(architecture)
        let others = try await finder.all().filter {
            $0.program.parent != engine.program.parent || $0 == engine
        }
        let description = try await EngineDescription.of(engine).withPlugins()
        try print(Shown(description: description, architectures: Set(others.map(\.architecture)).sorted()))
        return 0
    }

    private struct Shown: Report {
        let description: EngineDescription
        let architectures: [GuestArchitecture]

        var text: String {
            let engine = description.engine
            let good = description.plugins.filter { $0.problem == nil }
            let bad = description.plugins.filter { $0.problem != nil }
            var lines = [
                "program:        \(engine.program)",
                "found by:       \(engine.origin.rawValue)",
                "version:        \(description.version)",
            ]
            if let date = description.buildDate { lines.append("built:          \(date)") }
            lines += [
                "sha256:         \(description.sha256)",
                "architectures:  \(architectures.map(\.rawValue).joined(separator: " "))",
                "plugins:        \(good.count) load: \(good.map(\.name).joined(separator: " "))",
            ]
            let partial = good.filter { !$0.stubs.isEmpty }
            if !partial.isEmpty {
                lines.append(
                    "                \(partial.count) of these stop the engine when they use a stub:"
                )
                lines += partial.map { "                  \($0.name): \($0.stubs.joined(separator: ", "))" }
            }
            if !bad.isEmpty {
                lines.append("                \(bad.count) do not load:")
                lines += bad.map { "                  \($0.name): \($0.problem ?? "")" }
            }
            return lines.joined(separator: "\n")
        }
    }
}
