/// Who made a dataset: a person, with `family`, or an organisation, with `name`.
public struct DatasetAuthor: Sendable, Codable, Hashable {
    /// A person's family name.
    public var family: String?
    /// A person's given names.
    public var given: String?
    /// An organisation's name.
    public var name: String?
    /// Where a person works.
    public var affiliation: String?
    /// The page of the place where a person works.
    public var affiliationUrl: String?
    /// The author's own page.
    public var url: String?
    /// A person's ORCID, as `0000-0002-1825-0097`.
    public var orcid: String?

    /// Describes an author.
    public init(
        family: String? = nil,
        given: String? = nil,
        name: String? = nil,
        affiliation: String? = nil,
        affiliationUrl: String? = nil,
        url: String? = nil,
        orcid: String? = nil
    ) {
        self.family = family
        self.given = given
        self.name = name
        self.affiliation = affiliation
        self.affiliationUrl = affiliationUrl
        self.url = url
        self.orcid = orcid
    }

    /// The name in the order of lists: `Lovelace, Ada`, or an organisation's.
    public var listedName: String {
        guard let family else { return name ?? "" }
        return given.map { "\(family), \($0)" } ?? family
    }

    /// The name as one says it: `Ada Lovelace`, or an organisation's.
    public var spokenName: String {
        guard let family else { return name ?? "" }
        return given.map { "\($0) \(family)" } ?? family
    }

    var isPerson: Bool { family != nil }

    /// The ORCID as an address.
    var orcidAddress: String? { orcid.map { "https://orcid.org/\($0)" } }
}
