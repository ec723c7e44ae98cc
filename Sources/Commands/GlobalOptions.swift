import ArgumentParser
import HostSupport

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Flag(help: "Write the result as JSON to standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Tell more, for looking into a fault.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Tell nothing but errors, warnings and the result.")
    var quiet = false

    /// What a person at the terminal is told.
    var console: Console {
        Console(quiet ? .quiet : verbose ? .verbose : .normal)
    }
}
