import ArgumentParser
import RunRecords

/// The original's options for running the engine in a container.
struct DockerOptions: ParsableArguments {
    @Option(
        name: .customLong("docker-image"),
        help: ArgumentHelp("Run the engine in a container of this image.", valueName: "image")
    )
    var image: String?

    @Flag(name: .customLong("docker-no-init"), help: "Do not start the image's init (/sbin/my_init).")
    var noInit = false

    @Option(
        name: .customLong("docker-user"),
        help: ArgumentHelp("Who runs the engine in the container.", valueName: "user")
    )
    var user = "panda"

    @Option(
        name: .customLong("docker-workdir"),
        help: ArgumentHelp("The container's working folder.", valueName: "folder")
    )
    var workingFolder = "/opt/panda/share"

    @Option(
        name: .customLong("docker-panda-root"),
        help: ArgumentHelp("Where PANDA lies in the container.", valueName: "folder")
    )
    var pandaRoot = "/opt/panda"

    @Option(
        name: [.customShort("M"), .customLong("docker-mount")],
        help: ArgumentHelp(
            "Mount a folder of the host, DST:SRC; DST is 'bootstrap', 'qcow', 'rr' or 'x11'. Without 'rr' the run's "
                + "own folder is mounted there, without 'qcow' the disk's.",
            valueName: "mount"
        )
    )
    var mounts: [String] = []

    @Option(
        name: .customLong("docker-net"),
        help: ArgumentHelp("Connect the container to this network of Docker's.", valueName: "network")
    )
    var network: String?

    @Option(
        name: .customLong("docker-port-fwd"),
        help: ArgumentHelp(
            "Forward the container's port FROM to the host's TO, FROM:TO[:SCOPE[:PROTO]].",
            valueName: "forward"
        ),
        transform: { try PortForward($0) }
    )
    var portForward: [PortForward] = []
}
