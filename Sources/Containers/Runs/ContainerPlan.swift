public import HostSupport
public import RunRecords

/// The container that an engine is to run in, beside the command that starts it.
public struct ContainerPlan: Sendable, Hashable, Codable {
    /// Docker or Podman.
    public let runtime: ContainerRuntime
    /// The container's name, which is also what it calls itself.
    public let name: String
    /// The image.
    public let image: RunRecord.ContainerImage
    /// The socket, made by us, whose end takes the container with it.
    public let lifeline: HostPath
    /// What the engine sees of the host.
    public let mounts: [ContainerMount]
    /// Who runs the engine.
    public let user: ContainerUser
    /// Whether the container has a network of its own, in which ports are open at all addresses and published.
    public let publishesPorts: Bool
    /// Ports of the container that lead to ports of the guest, by the guest's; others have the host's number.
    public let innerPorts: [UInt16: UInt16]

    /// An empty folder that is made to be mounted as `/root`; none where nothing lies below that.
    public let passage: HostPath?
    /// What must belong to the engine's user while it runs; nothing where files are this user's on both sides.
    public let handover: FileHandover?
}

extension ContainerPlan {
    /// The forward within the container's network, where the guest's port is one of the container's.
    ///
    /// - Parameter forward: The forward as the host has it.
    /// - Returns: The same guest's port with the container's in the host's place.
    public func inner(_ forward: PortForward) -> PortForward {
        forward.inner(innerPorts)
    }
}

extension PortForward {
    func inner(_ ports: [UInt16: UInt16]) -> PortForward {
        var inner = self
        if let port = ports[guestPort], transport == .tcp { inner.hostPort = port }
        return inner
    }

    /// The port as `run --publish` takes it, with a port of the container: the host's port comes first.
    func published(to containerPort: UInt16) -> String {
        "\(hostAddress):\(hostPort):\(containerPort)/\(transport.rawValue)"
    }
}
