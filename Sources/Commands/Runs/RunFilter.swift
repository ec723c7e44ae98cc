import ArgumentParser
import Catalogue
import Foundation
import HostSupport
import RunRecords

/// Which runs of a collection are meant.
struct RunFilter: ParsableArguments {
    @Option(help: ArgumentHelp("Only runs in this state; may be given several times.", valueName: "state"))
    var state: [CataloguedRun.State] = []

    @Option(help: ArgumentHelp("Only runs of this guest image.", valueName: "name"), completion: .images)
    var image: String?

    @Option(help: ArgumentHelp("Only runs of this fleet.", valueName: "name"))
    var fleet: String?

    @Option(help: ArgumentHelp("Only runs of this campaign.", valueName: "name"))
    var campaign: String?

    @Option(help: ArgumentHelp("Only runs of the fleet's slot, or the campaign's item.", valueName: "number"))
    var slot: Int?

    @Option(
        help: ArgumentHelp(
            "Only runs planned then or later: 2026-11-26, 2026-11-26T12:00:00Z, or 2h ago.",
            valueName: "time"
        )
    )
    var since: Moment?

    @Option(help: ArgumentHelp("Only runs planned before.", valueName: "time"))
    var until: Moment?

    @Option(help: ArgumentHelp("Only runs that this address was connected to.", valueName: "address"))
    var peer: String?

    @Option(
        help: ArgumentHelp(
            "Only runs with this tag; with each of them where it is given several times.",
            valueName: "word"
        )
    )
    var tag: [String] = []

    @Option(help: ArgumentHelp("Only runs that are called so.", valueName: "text"))
    var label: String?

    @Option(
        help: ArgumentHelp(
            "Only runs with this in the id, the image, the reason, a banner, or a user name that was tried.",
            valueName: "text"
        )
    )
    var text: String?

    func validate() throws {
        if fleet != nil, campaign != nil {
            throw ValidationError("A run is of a fleet or of a campaign: give one of --fleet and --campaign.")
        }
    }

    /// The query, for all of them, the newest first.
    var query: RunQuery {
        var query = RunQuery()
        query.states = Set(state)
        query.image = image
        query.originKind = fleet != nil ? .fleet : campaign != nil ? .campaign : nil
        query.originName = fleet ?? campaign
        query.originNumber = slot
        query.since = since?.date
        query.until = until?.date
        query.peer = peer
        query.tags = tag
        query.label = label
        query.text = text
        return query
    }
}

/// The collection whose catalogue is used.
struct CollectionOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that the runs are in.", valueName: "folder"),
        completion: .directory
    )
    var collection = "traces"

    /// The collection's path.
    ///
    /// - Throws: `Failure` where there is none.
    func existing() throws -> HostPath {
        let path = FileSystem.absolute(HostPath(collection))
        guard FileSystem.isDirectory(path / "runs") else {
            throw Failure(
                .notFound,
                "there is no collection in \(path)",
                hint: "name one with -o: a folder that 'pandacap record' has put runs into"
            )
        }
        return path
    }
}
