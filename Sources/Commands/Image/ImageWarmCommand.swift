import ArgumentParser
import Capture
import GuestImages
import HostSupport
import PandaEngine
import RunRecords

struct ImageWarmCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "warm",
        abstract: "Boot a guest once and save it, so that runs start from there instead of booting",
        discussion: """
            The guest boots under the engine, somebody logs in, and it is stopped and saved outside its disk. From \
            then on every run of the image that has the same machine and engine is resumed from that state, any \
            number at once; each is given the time, random numbers and keys of its own before anybody can reach it. \
            'pandacap record --cold' still boots.

            Examples:
              $ pandacap image warm tiny
              $ pandacap image warm debian-12 --memory 512M
            """
    )

    @Argument(help: "The guest image.", completion: .images)
    var image: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The machine's memory, such as 256M.", valueName: "size"))
    var memory: ByteSize?

    @Option(
        help:
            "How often somebody logs in before the guest is saved; later logins find in memory what these brought."
    )
    var logins = 1

    @Option(help: ArgumentHelp("How long the guest may take until it is ready.", valueName: "time"))
    var readyTimeout: TimeSpan?

    @Option(
        name: .customLong("engine-arg"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Another argument of the engine that adds to the machine.", valueName: "argument")
    )
    var engineArgument: [String] = []

    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions

    @Flag(help: "Remove the image's other warm states when this one is saved.")
    var replace = false

    @Flag(help: "Run the engine even where the kernel cannot keep it from writing elsewhere.")
    var unconfined = false

    @Flag(help: "Show what would be started and written, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if !(0...20).contains(logins) { throw ValidationError("--logins must be 0 to 20") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let warmUp = WarmUp(engines: try container.source(engine), console: console)
        var request = GuestRequest(image: image)
        request.memory = memory
        request.readyLimit = readyTimeout?.duration
        request.engineArguments = engineArgument
        request.allowsUnconfined = unconfined
        let plan = try await warmUp.plan(request, logins: logins)
        if dryRun {
            try print(WarmUpPlanReport(plan: plan))
            return 0
        }
        Interrupts.take()
        try print(WarmStateReport(state: try await warmUp.save(plan, replacesOthers: replace)))
        return 0
    }
}

/// A warm state that was saved.
struct WarmStateReport: Report {
    let state: WarmState

    var text: String {
        "warm state \(state.id): \(state.machine.memory) of memory, \(ByteSize(bytes: state.streamBytes)), "
            + "\(state.logins) logins, booted in \(Duration.seconds(state.bootSeconds).text)"
    }
}

/// The plan of a state that is not saved.
private struct WarmUpPlanReport: Report {
    let plan: WarmUp.Plan

    func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    var text: String {
        """
        warm state \(plan.id)
          state    \(plan.stream)
          private  \(plan.guest.runtimeFolder)
          engine   \(plan.guest.command.shellText)
        """
    }
}
