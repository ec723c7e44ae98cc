import ArgumentParser
import Fleets
import HostSupport

struct FleetDrainCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "End a fleet properly, and wait until what it recorded is replayed",
        discussion: """
            Examples:
              $ pandacap fleet drain honeypots.yaml
            """
    )

    @OptionGroup var options: FleetOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        try await FleetEnd(folder: try options.folder(), hurries: false).wait(console)
        return 0
    }
}

struct FleetDownCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "End a fleet at once: what it recorded is kept, and replayed by the next 'fleet up'",
        discussion: """
            Examples:
              $ pandacap fleet down honeypots.yaml
            """
    )

    @OptionGroup var options: FleetOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        try await FleetEnd(folder: try options.folder(), hurries: true).wait(console)
        return 0
    }
}

/// The end of a fleet that another process runs.
private struct FleetEnd {
    let folder: FleetFolder
    let hurries: Bool

    /// Asks for it, and waits.
    func wait(_ console: Console) async throws {
        guard let process = FleetProcess.running(folder) else {
            throw Failure(.unavailable, "the fleet '\(folder.path.name)' does not run")
        }
        try await process.askToEnd(folder, hurries: hurries)
        console.step("waiting for the end of the fleet '\(folder.path.name)', process \(process.identifier)")
        while FleetProcess.running(folder) != nil {
            if let status = try? FleetStatus.read(from: folder) {
                let busy = status.slots.count { $0.state != .stopped }
                console.progress(
                    "\(busy) slots, \(status.verification.pending + status.verification.running) replays"
                )
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        console.endProgress()
    }
}
