public import Foundation
public import HostSupport

/// An image of containers, as its runtime describes it.
public struct ListedImage: Sendable, Hashable, Encodable {
    /// Its identifier: 64 hexadecimal digits.
    public let id: String
    /// What it is called, as `NAME:TAG`; none where it is the leftover of a build.
    public let names: [String]
    /// When it was made, if it says so.
    public let created: Date?
    /// The size of all of its layers, those that it shares with others too.
    public let size: ByteSize
    /// What of ours it is; nothing where it is somebody else's.
    public let kind: ContainerLabel.Kind?
    /// The architectures that it has an engine for, sorted.
    public let engines: [String]
}

extension ContainerLabel.Kind: Encodable {}

extension ListedImage {
    /// What `image inspect` says, as far as it counts here.
    struct Inspection: Decodable {
        struct Configuration: Decodable {
            let labels: [String: String]?

            private enum CodingKeys: String, CodingKey { case labels = "Labels" }
        }

        let id: RuntimeID
        let names: [String]?
        let created: RuntimeTime?
        let size: UInt64
        let configuration: Configuration?

        private enum CodingKeys: String, CodingKey {
            case id = "Id"
            case names = "RepoTags"
            case created = "Created"
            case size = "Size"
            case configuration = "Config"
        }
    }

    init(_ inspection: Inspection) {
        let labels = inspection.configuration?.labels ?? [:]
        id = inspection.id.digits
        names = inspection.names?.filter { $0 != "<none>:<none>" } ?? []
        created = inspection.created?.date
        size = ByteSize(bytes: inspection.size)
        kind = labels[ContainerLabel.kind].flatMap(ContainerLabel.Kind.init)
        engines = labels.keys.filter { $0.hasPrefix(ContainerLabel.enginePrefix) }
            .map { String($0.dropFirst(ContainerLabel.enginePrefix.count)) }
            .sorted()
    }
}
