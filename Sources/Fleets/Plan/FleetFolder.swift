public import HostSupport

/// The folder of a fleet in its collection: every file in it has its name here and nowhere else.
public struct FleetFolder: Sendable, Hashable {
    /// The folder.
    public let path: HostPath

    /// The folder of a fleet in a collection.
    public init(collection: HostPath, name: String) {
        path = FileSystem.absolute(collection) / "fleets" / name
    }

    /// `fleet.lock`: held by the process that runs the fleet, as long as it lives.
    public var lock: HostPath { path / "fleet.lock" }
    /// `process.json`: which process that is.
    public var process: HostPath { path / "process.json" }
    /// `status.json`: what is going on, written anew every second.
    public var status: HostPath { path / "status.json" }

    /// The fleets that a collection has, by their names.
    ///
    /// - Parameter collection: The collection.
    /// - Returns: The names, sorted.
    public static func names(in collection: HostPath) -> [String] {
        FileSystem.list(FileSystem.absolute(collection) / "fleets")
            .filter { FileSystem.exists(FleetFolder(collection: collection, name: $0).lock) }
    }
}
