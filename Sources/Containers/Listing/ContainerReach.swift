import HostSupport

/// How this host reaches a running container.
public enum ContainerReach: Sendable, Hashable {
    /// At these addresses.
    case addresses([ListedContainer.Address])
    /// At none of its own, for a reason that completes "no address: ".
    case none(String)
}

extension ListedContainer {
    /// How this host reaches the container.
    ///
    /// - Parameters:
    ///   - runtime: Whose container it is.
    ///   - others: Further containers, one of which may be whose network this one shares.
    /// - Returns: Its addresses, or why it has none.
    public func reach(
        in runtime: ContainerRuntime,
        among others: [ListedContainer] = []
    ) -> ContainerReach {
        guard isRunning else { return .none("it does not run") }
        if networkMode == "host" { return .none("it shares the host's network") }
        if networkMode == "none" { return .none("it has no network") }
        if networkMode.hasPrefix("container:"), addresses.isEmpty {
            let owner = String(networkMode.dropFirst("container:".count))
            let name = others.first { $0.id == owner || $0.name == owner }?.name ?? owner.shortID
            return .none("it shares the network of \(name)")
        }
        // Its networks lie in a name space of this user's, which the host does not look into.
        if runtime.isRootless { return .none("\(runtime.kind.rawValue) runs without root") }
        guard !addresses.isEmpty else { return .none("its network '\(networkMode)' gave it none") }
        return .addresses(addresses)
    }

    /// The names by which an ssh client of this host may know the container's servers: those of its addresses, and
    /// those of the host's ports that lead to it.
    ///
    /// - Parameter runtime: Whose container it is.
    /// - Returns: Names as they stand in `known_hosts`.
    public func knownHostNames(in runtime: ContainerRuntime) -> [String] {
        var names: [String] = []
        if case .addresses(let addresses) = reach(in: runtime) {
            let inside = Set(exposedPorts + ports.filter { $0.transport == .tcp }.map(\.containerPort))
            for address in addresses.map(\.address) {
                names.append(address)
                names += inside.sorted().filter { $0 != 22 }.map { "[\(address)]:\($0)" }
            }
        }
        // The host's own server is at its port 22 as a rule.
        for port in ports where isRunning && port.transport == .tcp && port.hostPort != 22 {
            let hosts =
                port.isAtAnyAddress
                ? ["127.0.0.1", "::1", "localhost"]
                : ["127.0.0.1", "::1"].contains(port.hostAddress)
                    ? [port.hostAddress, "localhost"] : [port.hostAddress]
            names += hosts.map { "[\($0)]:\(port.hostPort)" }
        }
        return names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
