import ArgumentParser
import Fleets
import HostSupport

/// Which fleet is meant.
struct FleetOptions: ParsableArguments {
    @Argument(help: "The fleet's file or its name; the only fleet of the collection where none is given.")
    var fleet: String?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that its runs are kept in.", valueName: "folder"),
        completion: .directory
    )
    var collection: String?

    /// The fleet's folder.
    ///
    /// - Throws: `Failure` where there is no such fleet, or more than one.
    func folder() throws -> FleetFolder {
        if let fleet, fleet.contains("/") || fleet.hasSuffix(".yaml") {
            let path = FileSystem.absolute(HostPath(fleet))
            let plan = FleetPlan(
                try FleetFile.read(path),
                in: path.parent,
                collection: collection.map { HostPath($0) }
            )
            return try require(FleetFolder(collection: plan.collection, name: plan.name))
        }
        let collection = HostPath(collection ?? "traces")
        if let fleet { return try require(FleetFolder(collection: collection, name: fleet)) }
        let names = FleetFolder.names(in: collection)
        guard let name = names.first, names.count == 1 else {
            throw Failure(
                .notFound,
                names.isEmpty
                    ? "no fleet has run in \(collection)"
                    : "there are several fleets: \(names.joined(separator: ", "))",
                hint: names.isEmpty ? "name its collection with -o, or its file" : "name one of them"
            )
        }
        return FleetFolder(collection: collection, name: name)
    }

    private func require(_ folder: FleetFolder) throws -> FleetFolder {
        guard FileSystem.exists(folder.lock) else {
            throw Failure(
                .notFound,
                "the fleet '\(folder.path.name)' has never run: there is no \(folder.lock)",
                hint: "name its collection with -o, or start it with 'pandacap fleet up'"
            )
        }
        return folder
    }
}
