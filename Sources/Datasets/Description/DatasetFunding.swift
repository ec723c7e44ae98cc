/// What paid for a dataset.
public struct DatasetFunding: Sendable, Codable, Hashable {
    /// Who paid.
    public var funder: String
    /// The award's number.
    public var award: String?
    /// The award's title.
    public var title: String?
    /// The grant as Zenodo calls it: `10.13039/501100000780::283595`.
    public var grant: String?
}

/// Who answers questions about a dataset.
public struct DatasetContact: Sendable, Codable, Hashable {
    /// Who it is.
    public var name: String?
    /// The address that questions are sent to.
    public var email: String
}
