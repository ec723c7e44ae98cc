import ArgumentParser
import Capture
import HostSupport
import RunRecords

/// What the machine is made of and connected to.
struct MachineOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The machine's memory, such as 256M.", valueName: "size"))
    var memory: ByteSize?

    @Option(
        name: .customLong("port-fwd"),
        help: ArgumentHelp(
            "Forward a port, FROM:TO[:SCOPE[:PROTO]]: FROM is the guest's port, 'ssh' (22) or 'sftp' (2222); TO the "
                + "host's, 0 for any that is free; SCOPE 'l' (local, the default) or '*'; PROTO tcp or udp.",
            valueName: "forward"
        ),
        transform: { try PortForward($0) }
    )
    var portForward: [PortForward] = []

    @Option(
        help: ArgumentHelp(
            "What the guest is to call itself, instead of its image's name for it.",
            valueName: "name"
        )
    )
    var hostname: String?

    @Flag(help: "Let the guest reach whatever this host can, its own loopback address included.")
    var egress = false

    @Option(
        help: ArgumentHelp(
            "Let the guest connect there and nowhere else: ADDRESS[/PREFIX][:PORT[-PORT]][/tcp|udp], or 'dns'; this "
                + "host's loopback is 10.0.2.2.",
            valueName: "rule"
        )
    )
    var allowEgress: [String] = []

    @Option(help: ArgumentHelp("Load another plugin while recording.", valueName: "name[:arg=value,...]"))
    var plugin: [String] = []

    @Option(
        name: .customLong("engine-arg"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Another argument of the engine that adds to the machine, when recording and when replaying; devices "
                + "beyond the safe ones make recordings that may not replay.",
            valueName: "argument"
        )
    )
    var engineArgument: [String] = []

    @Flag(help: "Run the engine even where the kernel cannot keep it from writing outside the run's folder.")
    var unconfined = false

    func validate() throws {
        guard !egress || allowEgress.isEmpty else {
            throw ValidationError(
                "--egress lets the guest connect anywhere; leave out --allow-egress or that"
            )
        }
    }

    private var egressPolicy: EgressPolicy {
        egress ? .open : allowEgress.isEmpty ? .denied : .allowed(allowEgress)
    }

    /// What is asked for of a guest of an image.
    func request(_ image: String) -> GuestRequest {
        var request = GuestRequest(image: image)
        request.memory = memory
        request.forwards = portForward
        request.plugins = plugin
        request.engineArguments = engineArgument
        request.egress = egressPolicy
        request.hostName = hostname
        request.allowsUnconfined = unconfined
        return request
    }
}
