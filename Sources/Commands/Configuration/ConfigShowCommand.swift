import ArgumentParser
import Bootstrap
import HostSupport

struct ConfigShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print each variable, its value and where it came from",
        discussion: """
            Later ones win: Makefile.vars and Makefile.local.vars of the source tree or installation, the same two \
            files of the working folder, the environment, --set. With the names of variables, their values alone are \
            printed, a line each.

            Examples:
              $ pandacap config show
              $ pandacap config show VM_USER
              $ pandacap config show --set VM_USER=root --json
            """
    )

    @Argument(help: "Variables whose values are printed; all with their origins where none is named.")
    var keys: [String] = []

    @OptionGroup var variables: VariableOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let variables = try variables.read(console)
        let chosen = try keys.map { key in
            guard let variable = variables.all.first(where: { $0.key == key }) else {
                throw Failure(.notFound, "nobody sets the variable \(key)")
            }
            return variable
        }
        try print(
            ConfigReport(
                variables: keys.isEmpty ? variables.all : chosen,
                warnings: variables.warnings,
                hasOrigins: keys.isEmpty
            )
        )
        return 0
    }
}

/// Variables, for a person and for a program.
private struct ConfigReport: Report {
    let variables: [Variable]
    let warnings: [VariableWarning]
    let hasOrigins: Bool

    var text: String {
        guard hasOrigins else { return variables.map(\.value).joined(separator: "\n") }
        return Table(
            header: ["KEY", "VALUE", "FROM"],
            rows: variables.map { [$0.key, Console.printable($0.value), $0.origin.description] }
        ).text
    }

    private enum CodingKeys: CodingKey { case variables, warnings }
}
