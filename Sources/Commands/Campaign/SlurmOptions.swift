import ArgumentParser
import Fleets
import Foundation
import HostSupport

/// How items are handed to Slurm.
struct SlurmOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The partition; Slurm's default otherwise.", valueName: "name"))
    var partition: String?

    @Option(
        help: ArgumentHelp("How long an item may take, as sbatch takes it: 30, 2:00:00.", valueName: "time")
    )
    var slurmTime: String?

    @Option(help: ArgumentHelp("The memory of an item, as sbatch takes it: 2G.", valueName: "size"))
    var slurmMemory: String?

    @Option(help: ArgumentHelp("How many items may run at once.", valueName: "number"))
    var arrayThrottle: Int?

    @Option(
        help: ArgumentHelp(
            "A folder of each node's own: runs are made there and moved to the collection when they are done.",
            valueName: "folder"
        )
    )
    var nodeLocal: String?

    @Option(
        name: .customLong("sbatch-arg"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Another argument of sbatch, such as --account=forensics.", valueName: "argument")
    )
    var sbatchArgument: [String] = []

    @Flag(help: "Submit the items and do not wait for them.")
    var noWait = false

    /// Whether anything was said of Slurm.
    var isGiven: Bool {
        partition != nil || slurmTime != nil || slurmMemory != nil || arrayThrottle != nil || nodeLocal != nil
            || !sbatchArgument.isEmpty || noWait
    }

    func validate() throws {
        if let arrayThrottle, !(1...100_000).contains(arrayThrottle) {
            throw ValidationError("--array-throttle must be 1 to 100000")
        }
    }

    /// The settings: what was said now over what was said when the campaign was begun.
    func settings(_ former: SlurmSettings?, itemArguments: [String]) -> SlurmSettings {
        var settings = former ?? SlurmSettings(program: Installation.executable)
        settings.program = Installation.executable
        if let partition { settings.partition = partition }
        if let slurmTime { settings.time = slurmTime }
        if let slurmMemory { settings.memory = slurmMemory }
        if let arrayThrottle { settings.throttle = arrayThrottle }
        if let nodeLocal { settings.nodeLocal = HostPath(nodeLocal) }
        if !sbatchArgument.isEmpty { settings.arguments = sbatchArgument }
        if !itemArguments.isEmpty || former == nil { settings.itemArguments = itemArguments }
        for (key, value) in ProcessInfo.processInfo.environment
        where key.hasPrefix("PANDACAP_") || key == "PANDA_PATH" || key == "IMAGE_NAME" {
            settings.environment[key] = value
        }
        // The user's own folders may be named by variables that a node does not have.
        settings.environment["PANDACAP_HOME"] = Storage.home.string
        return settings
    }
}
