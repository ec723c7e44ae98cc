import ArgumentParser
import Containers
import HostSupport
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
        help: ArgumentHelp(
            "Who runs the engine in the container, as the image knows him; you, or DOCKER_USER_UID where you are root.",
            valueName: "user"
        )
    )
    var user: String?

    @Option(
        name: .customLong("docker-workdir"),
        help: ArgumentHelp("The folder that the image's init starts in.", valueName: "folder")
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
            "Mount a folder of the host, DST:SRC; DST is 'bootstrap', 'qcow', 'rr' or 'x11'. What is recorded gets a "
                + "name in the folder of 'rr', too. Without 'qcow' the disk's folder is mounted there.",
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

    /// What is asked for of the container; nothing where the engine runs on this host.
    ///
    /// - Parameter disk: The user's disk file, where the guest has one.
    /// - Returns: The request.
    /// - Throws: `Failure` where a mount is none.
    func request(disk: HostPath?) throws -> ContainerRequest? {
        guard let image else { return nil }
        var request = try ContainerRequest(image: image, settings: ContainerOptions.settings())
        request.user = user
        request.network = network
        request.ports = portForward
        request.startsInit = !noInit
        request.workingFolder = HostPath(workingFolder)
        request.pandaRoot = HostPath(pandaRoot)
        let sources = try DockerMounts(mounts).sources
        let share = request.pandaRoot / "share"
        if let folder = sources["rr"] { request.mounts.append(.init(folder, at: request.recordingsFolder)) }
        if let folder = sources["qcow"] ?? disk?.parent {
            request.mounts.append(.init(folder, at: share / "qcow", isReadOnly: true))
        }
        if let folder = sources["bootstrap"] {
            request.mounts.append(.init(folder, at: request.bootstrapFolder, isReadOnly: true))
        }
        if let folder = sources["x11"] {
            request.mounts.append(.init(folder, at: "/tmp/.X11-unix", isReadOnly: true))
        }
        return request
    }
}
