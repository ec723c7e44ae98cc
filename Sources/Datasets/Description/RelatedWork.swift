/// Another work, and what a dataset has to do with it.
public struct RelatedWork: Sendable, Codable, Hashable {
    /// What a dataset has to do with another work: of DataCite's list, as far as Zenodo knows it, too.
    public enum Relation: String, Sendable, Codable, CaseIterable {
        case isCitedBy = "IsCitedBy"
        case cites = "Cites"
        case isSupplementTo = "IsSupplementTo"
        case isSupplementedBy = "IsSupplementedBy"
        case isContinuedBy = "IsContinuedBy"
        case continues = "Continues"
        case isDescribedBy = "IsDescribedBy"
        case describes = "Describes"
        case isNewVersionOf = "IsNewVersionOf"
        case isPreviousVersionOf = "IsPreviousVersionOf"
        case isPartOf = "IsPartOf"
        case hasPart = "HasPart"
        case isReferencedBy = "IsReferencedBy"
        case references = "References"
        case isDocumentedBy = "IsDocumentedBy"
        case documents = "Documents"
        case isCompiledBy = "IsCompiledBy"
        case compiles = "Compiles"
        case isVariantFormOf = "IsVariantFormOf"
        case isIdenticalTo = "IsIdenticalTo"
        case isReviewedBy = "IsReviewedBy"
        case reviews = "Reviews"
        case isDerivedFrom = "IsDerivedFrom"
        case isSourceOf = "IsSourceOf"
        case isRequiredBy = "IsRequiredBy"
        case requires = "Requires"
        case isObsoletedBy = "IsObsoletedBy"
        case obsoletes = "Obsoletes"

        /// As Zenodo writes it, with a small letter first.
        var zenodoName: String { rawValue.prefix(1).lowercased() + rawValue.dropFirst() }
    }

    /// What kind of identifier it is: of DataCite's list.
    public enum Scheme: String, Sendable, Codable, CaseIterable {
        case ark = "ARK"
        case arXiv
        case bibcode
        case doi = "DOI"
        case handle = "Handle"
        case isbn = "ISBN"
        case issn = "ISSN"
        case pmid = "PMID"
        case purl = "PURL"
        case url = "URL"
        case urn = "URN"
    }

    /// The work's identifier.
    public var identifier: String
    /// What the dataset has to do with it.
    public var relation: Relation
    /// What kind of identifier it is; DOI or URL, as it looks, where nothing is said.
    public var scheme: Scheme?

    /// Describes a related work.
    public init(identifier: String, relation: Relation, scheme: Scheme? = nil) {
        self.identifier = identifier
        self.relation = relation
        self.scheme = scheme
    }

    /// The scheme that was named, or the one that the identifier looks like; nothing where it looks like none.
    var knownScheme: Scheme? {
        scheme ?? (identifier.isDOI ? .doi : identifier.isWebAddress ? .url : nil)
    }
}
