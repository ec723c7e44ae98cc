import ArgumentParser
import HostSupport
import PandaEngine
import RunRecords

struct EngineInstallCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Make the managed engine from registry packages; no root privileges are needed",
        discussion: """
            Fetches the Python wheel pandare 0.1.1.5, which holds PANDA for eight architectures, and gathers the \
            shared libraries that this host lacks: from Debian's packages where they can be had, compiled from \
            source (protobuf 3.6.1), and for the rest stubs that name the missing function and stop the engine. \
            An engine that is there already is only checked.

            Example:
              $ pandacap engine install
            """
    )

    @Flag(help: "Make the engine anew even if it is there.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let engine = try await EngineInstaller(console: console).install(force: force)
        try print(Installed(engine: engine, folder: engine.folder))
        return 0
    }

    private struct Installed: Report {
        let engine: ManagedEngine
        let folder: HostPath

        var text: String {
            let sources = Dictionary(grouping: engine.libraries, by: \.source)
            func count(_ source: ManagedEngine.Library.Source) -> Int { sources[source]?.count ?? 0 }
            return """
                engine \(engine.name) in \(folder)
                  architectures: \(engine.architectures.map(\.rawValue).joined(separator: " "))
                  libraries: \(count(.debian)) of Debian, \(count(.built)) built, \(count(.stub)) stubs
                """
        }
    }
}
