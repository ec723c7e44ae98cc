import ArgumentParser
import Bootstrap
import Foundation
import HostSupport

/// The user's settings, on the command line over those of files and of the environment.
struct VariableOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Set a variable, over Makefile.vars, Makefile.local.vars and the environment.",
            valueName: "key=value"
        )
    )
    var settings: [String] = []

    /// Reads all settings, and says what is odd in their files.
    func read(_ console: Console) throws -> Variables {
        let variables = try Variables.read(
            of: try Installation.locate(),
            in: HostPath(FileManager.default.currentDirectoryPath),
            environment: ProcessInfo.processInfo.environment,
            settings: settings
        )
        for warning in variables.warnings { console.warning("\(warning)") }
        return variables
    }
}
