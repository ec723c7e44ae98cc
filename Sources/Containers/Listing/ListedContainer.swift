public import Foundation
public import HostSupport

/// A container, as its runtime describes it.
public struct ListedContainer: Sendable, Hashable, Encodable {
    /// An address that a container has in a network of the runtime's.
    public struct Address: Sendable, Hashable, Encodable {
        /// The network's name.
        public let network: String
        /// An IPv4 address, or an IPv6 one where there is no other.
        public let address: String
    }

    /// A port of the host that leads to one of the container's.
    public struct Port: Sendable, Hashable, Encodable {
        /// The host's address that it listens at; empty where it is any.
        public let hostAddress: String
        /// The host's port.
        public let hostPort: UInt16
        /// The container's port.
        public let containerPort: UInt16
        /// The protocol.
        public let transport: HostPort.Transport

        /// Whether it listens at all addresses of the host.
        public var isAtAnyAddress: Bool { ["", "0.0.0.0", "::"].contains(hostAddress) }
    }

    /// Its identifier: 64 hexadecimal digits.
    public let id: String
    /// Its name.
    public let name: String
    /// The image that it was made of, as whoever made it named that.
    public let image: String
    /// The image's identifier.
    public let imageID: String
    /// The state in the runtime's words, such as `running` and `exited`.
    public let state: String
    /// Whether its processes run.
    public let isRunning: Bool
    /// The status that it ended with, if it has ended.
    public let exitStatus: Int32?
    /// When it was made.
    public let created: Date?
    /// When it ended, if it has.
    public let finished: Date?
    /// What of ours it is; nothing where it is somebody else's.
    ///
    /// A container that somebody made of an image of ours has the image's.
    public let kind: ContainerLabel.Kind?
    /// The run that it is for.
    public let run: String?
    /// How it is connected, in the runtime's words, such as `bridge`, `host`, `none` and `container:ID`.
    public let networkMode: String
    /// Its addresses, in the order of the networks' names; none where it does not run.
    public let addresses: [Address]
    /// The ports that lead to it.
    public let ports: [Port]
    /// The TCP ports that its image or whoever made it names, whether they are published or not.
    public let exposedPorts: [UInt16]
    /// The folders and files of the host that it sees.
    public let mountSources: [HostPath]
    /// What it has written beside its image, in bytes; nothing where that was not asked for.
    public let written: ByteSize?
}

extension ListedContainer {
    /// What `container inspect` says, as far as it counts here.
    struct Inspection: Decodable {
        struct State: Decodable {
            let status: String
            let running: Bool
            let exitCode: Int32
            let finished: RuntimeTime?

            private enum CodingKeys: String, CodingKey {
                case status = "Status"
                case running = "Running"
                case exitCode = "ExitCode"
                case finished = "FinishedAt"
            }
        }

        struct Configuration: Decodable {
            let image: String?
            let labels: [String: String]?
            let exposedPorts: [String: Nothing]?

            private enum CodingKeys: String, CodingKey {
                case image = "Image"
                case labels = "Labels"
                case exposedPorts = "ExposedPorts"
            }
        }

        struct HostConfiguration: Decodable {
            let networkMode: String

            private enum CodingKeys: String, CodingKey { case networkMode = "NetworkMode" }
        }

        struct Binding: Decodable {
            let hostAddress: String?
            let hostPort: String?

            private enum CodingKeys: String, CodingKey {
                case hostAddress = "HostIp"
                case hostPort = "HostPort"
            }
        }

        struct Network: Decodable {
            let address: String?
            let longAddress: String?

            private enum CodingKeys: String, CodingKey {
                case address = "IPAddress"
                case longAddress = "GlobalIPv6Address"
            }
        }

        struct Networks: Decodable {
            let ports: [String: [Binding]?]?
            let networks: [String: Network]?

            private enum CodingKeys: String, CodingKey {
                case ports = "Ports"
                case networks = "Networks"
            }
        }

        struct Mount: Decodable {
            let source: String?

            private enum CodingKeys: String, CodingKey { case source = "Source" }
        }

        /// An object whose keys do not matter.
        struct Nothing: Decodable {}

        let id: RuntimeID
        let name: String
        let created: RuntimeTime?
        let state: State
        let image: RuntimeID
        let configuration: Configuration
        let host: HostConfiguration
        let networks: Networks
        let mounts: [Mount]?
        let written: Int64?

        private enum CodingKeys: String, CodingKey {
            case id = "Id"
            case name = "Name"
            case created = "Created"
            case state = "State"
            case image = "Image"
            case configuration = "Config"
            case host = "HostConfig"
            case networks = "NetworkSettings"
            case mounts = "Mounts"
            case written = "SizeRw"
        }
    }

    init(_ inspection: Inspection) {
        let labels = inspection.configuration.labels ?? [:]
        id = inspection.id.digits
        // Docker's names are paths.
        name = inspection.name.hasPrefix("/") ? String(inspection.name.dropFirst()) : inspection.name
        imageID = inspection.image.digits
        let made = inspection.configuration.image ?? imageID
        image = made.contains(imageID) ? imageID.shortID : made
        state = inspection.state.status
        isRunning = inspection.state.running
        finished = inspection.state.running ? nil : inspection.state.finished?.date
        exitStatus = finished == nil ? nil : inspection.state.exitCode
        created = inspection.created?.date
        kind = labels[ContainerLabel.kind].flatMap(ContainerLabel.Kind.init)
        run = labels[ContainerLabel.run]
        networkMode = inspection.host.networkMode
        addresses =
            inspection.state.running
            ? (inspection.networks.networks ?? [:]).sorted { $0.key < $1.key }.compactMap { name, network in
                [network.address, network.longAddress].compactMap(\.self).first { !$0.isEmpty }
                    .map { Address(network: name, address: $0) }
            } : []
        ports = (inspection.networks.ports ?? [:]).sorted { $0.key < $1.key }.flatMap { target, bindings in
            (bindings ?? []).compactMap { Port($0, to: target) }
        }
        exposedPorts = (inspection.configuration.exposedPorts ?? [:]).keys.compactMap(Port.target)
            .filter { $0.transport == .tcp }.map(\.port).sorted()
        mountSources = (inspection.mounts ?? []).compactMap(\.source).filter { $0.hasPrefix("/") }
            .map { HostPath($0) }
        written = inspection.written.map { ByteSize(bytes: UInt64(max($0, 0))) }
    }
}

extension ListedContainer.Port {
    /// Reads a key of the runtime's such as `22/tcp`.
    static func target(_ text: String) -> (port: UInt16, transport: HostPort.Transport)? {
        let parts = text.split(separator: "/")
        guard let first = parts.first, let port = UInt16(first),
            let transport = HostPort.Transport(rawValue: parts.count > 1 ? String(parts[1]) : "tcp")
        else { return nil }
        return (port, transport)
    }

    init?(_ binding: ListedContainer.Inspection.Binding, to target: String) {
        guard let (port, transport) = Self.target(target),
            let hostPort = binding.hostPort.flatMap(UInt16.init)
        else { return nil }
        self.init(
            hostAddress: binding.hostAddress ?? "",
            hostPort: hostPort,
            containerPort: port,
            transport: transport
        )
    }
}
