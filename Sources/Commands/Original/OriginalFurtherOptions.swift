import ArgumentParser
import Capture
import HostSupport
import RunRecords

/// What the original's wrapper did not have.
struct OriginalFurtherOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How long the guest may take until it is ready.", valueName: "time"))
    var readyTimeout: TimeSpan?

    @Option(help: ArgumentHelp("Disk space to leave free.", valueName: "size"))
    var reserve: ByteSize = .mebibytes(256)

    @Option(
        name: .customLong("engine-arg"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Another argument of the engine that adds to the machine.", valueName: "argument")
    )
    var engineArgument: [String] = []

    @Flag(help: "Let the guest reach the network beyond this host, as the original did.")
    var egress = false

    @Flag(help: "Run the engine even where the kernel cannot keep it from writing outside the run's folder.")
    var unconfined = false

    @OptionGroup(title: "Engine options") var engine: EngineOptions

    /// Puts them into what is asked for of a guest.
    func apply(to request: inout GuestRequest) {
        request.readyLimit = readyTimeout?.duration
        request.reserve = reserve
        request.engineArguments = engineArgument
        request.egress = egress ? .open : .denied
        request.allowsUnconfined = unconfined
    }
}
