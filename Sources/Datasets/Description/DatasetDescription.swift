/// What a person says of a dataset: the contents of `dataset.yaml`, from which all of its metadata are made.
///
/// `docs/dataset.schema.json` describes the file; what it leaves out has a default, or is not said.
public struct DatasetDescription: Sendable, Codable, Hashable {
    /// The number of the layout, 1.
    public var schema: Int
    /// The dataset's name, a part of files' names: letters, digits, `.`, `_` and `-`.
    public var name: String
    /// Its title.
    public var title: String
    /// Its version; 1.0.0 where nothing is said.
    public var version: String?
    /// What it is, in a few sentences of plain text.
    public var description: String
    /// Who made it.
    public var authors: [DatasetAuthor]
    /// Under which licence it is published: an identifier of SPDX's.
    public var licence: String
    /// Words to find it by.
    public var keywords: [String]?
    /// How it was captured: the set-up, what guests did, what was left out.
    public var capture: String?
    /// What it has to do with other works.
    public var related: [RelatedWork]?
    /// Its DOI, where it has one already, without `https://doi.org/`.
    public var doi: String?
    /// Where it can be had.
    public var url: String?
    /// Who publishes it; Zenodo where nothing is said.
    public var publisher: String?
    /// The publisher's page; Zenodo's own where nobody else is named.
    public var publisherUrl: String?
    /// The day of publication, as `2026-11-26`; that of packing where nothing is said.
    public var date: String?
    /// What paid for it.
    public var funding: [DatasetFunding]?
    /// The communities of Zenodo's that it is handed to.
    public var communities: [String]?
    /// Who answers questions.
    public var contact: DatasetContact?
    /// Where the folder, or the archive, can be downloaded: what torrents name as web seeds.
    public var webSeeds: [String]?
    /// The trackers that torrents name.
    public var trackers: [String]?
}

extension DatasetDescription {
    /// What is known of a dataset that nobody has described: its name.
    ///
    /// It has no authors and no licence, so that no metadata for publishing are made from it.
    ///
    /// - Parameter name: The dataset's name.
    /// - Returns: The description.
    public static func minimal(name: String) -> DatasetDescription {
        DatasetDescription(
            schema: currentSchema,
            name: name,
            title: name,
            description: "Traces of PANDA, recorded with PANDAcap.",
            authors: [],
            licence: ""
        )
    }

    /// Whether it says what every standard asks for: whose it is, and what one may do with it.
    public var isPublishable: Bool { !authors.isEmpty && !licence.isEmpty }

    /// The version in force.
    public var versionText: String { version ?? "1.0.0" }

    /// The publisher in force.
    public var publisherText: String { publisher ?? "Zenodo" }

    /// The publisher's page, as far as that is known.
    var publisherAddress: String? { publisherUrl ?? (publisherText == "Zenodo" ? "https://zenodo.org" : nil) }

    /// Where it can be had, as far as that is known: the address that was given, or that of the DOI.
    public var address: String? { url ?? doi.map { "https://doi.org/\($0)" } }
}
