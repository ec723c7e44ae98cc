import ArgumentParser
import HostSupport

struct TraceCheckCommand: Subcommand {
    static let configuration = CommandConfiguration(commandName: "check", abstract: "x")
    @OptionGroup var trace: TraceOptions
    @OptionGroup var global: GlobalOptions
    func execute(_ console: Console) async throws -> Int32 { 0 }
}
