import ArgumentParser
import HostSupport
import PandaEngine
import RunRecords

struct EngineListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the engines of this host, the preferred ones first",
        discussion: """
            Example:
              $ pandacap engine list --json
            """
    )

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let engines = try await EngineOptions.finder(named: nil).all()
        if engines.isEmpty { console.step("no engine on this host; 'pandacap engine install' gets one") }
        try print(Engines(engines: engines))
        return 0
    }

    private struct Engines: Report {
        let engines: [Engine]

        var text: String {
            guard !engines.isEmpty else { return "" }
            return Table(
                header: ["ARCHITECTURE", "FOUND BY", "PROGRAM"],
                rows: engines.map { [$0.architecture.rawValue, $0.origin.rawValue, $0.program.string] }
            ).text
        }
    }
}
