import YAMLFiles

/// Collects what is wrong with a description.
struct DescriptionProblems {
    private(set) var problems: [YAMLProblem] = []

    mutating func check(_ holds: Bool, _ path: [String], _ text: String) {
        if !holds { problems.append(YAMLProblem(path: path, text: text)) }
    }

    mutating func check(_ holds: Bool, _ key: String, _ text: String) { check(holds, [key], text) }

    mutating func line(_ value: String?, _ path: String...) { line(value, path) }

    mutating func line(_ value: String?, _ path: [String]) {
        check(value?.isPlainLine ?? true, path, "must be one line of text")
    }

    mutating func text(_ value: String?, _ key: String) {
        check(value?.isPlainText ?? true, [key], "must be text without control characters")
    }

    mutating func lines(_ values: [String]?, _ key: String) {
        for (index, value) in (values ?? []).enumerated() { line(value, [key, "[\(index)]"]) }
        check(Set(values ?? []).count == (values ?? []).count, key, "has something twice")
    }

    mutating func address(_ value: String?, _ path: [String]) {
        check(value?.isWebAddress ?? true, path, "must be an address of https: '\(value ?? "")'")
    }

    mutating func addresses(_ values: [String]?, _ key: String, _ isValid: (String) -> Bool) {
        for (index, value) in (values ?? []).enumerated() {
            check(isValid(value), [key, "[\(index)]"], "is no address for this: '\(value)'")
        }
        check(Set(values ?? []).count == (values ?? []).count, key, "has something twice")
    }

    mutating func check(_ author: DatasetAuthor, _ path: [String]) {
        line(author.family, path + ["family"])
        line(author.given, path + ["given"])
        line(author.name, path + ["name"])
        line(author.affiliation, path + ["affiliation"])
        address(author.url, path + ["url"])
        address(author.affiliationUrl, path + ["affiliationUrl"])
        check(
            author.affiliationUrl == nil || author.affiliation != nil,
            path + ["affiliationUrl"],
            "is the page of an 'affiliation': give that, too"
        )
        check(
            (author.family != nil) != (author.name != nil),
            path,
            "must have either 'family', for a person, or 'name', for an organisation"
        )
        if author.family == nil {
            check(author.given == nil, path + ["given"], "belongs to a person: give 'family', too")
            check(author.orcid == nil, path + ["orcid"], "belongs to a person: give 'family', too")
        }
        if let orcid = author.orcid {
            check(ORCID.isValid(orcid), path + ["orcid"], "is no ORCID, or has a wrong digit: '\(orcid)'")
        }
    }

    mutating func check(_ work: RelatedWork, _ path: [String]) {
        line(work.identifier, path + ["identifier"])
        let place = path + ["identifier"]
        switch work.knownScheme {
        case .doi: check(work.identifier.isDOI, place, "is no DOI: '\(work.identifier)'")
        case .url, .purl: check(work.identifier.isWebAddress, place, "is no address: '\(work.identifier)'")
        case nil:
            check(
                false,
                path,
                "needs a 'scheme': '\(work.identifier)' looks like neither a DOI nor an address"
            )
        default: break
        }
    }

    mutating func check(_ fund: DatasetFunding, _ path: [String]) {
        line(fund.funder, path + ["funder"])
        line(fund.award, path + ["award"])
        line(fund.title, path + ["title"])
        line(fund.grant, path + ["grant"])
    }
}

extension String {
    /// Whether it is an address that a tracker can have.
    var isTrackerAddress: Bool {
        hasPrefix("udp://")
            ? ("http://" + dropFirst(6)).isWebAddress && contains(/^udp:\/\/[^\/]+:\d{1,5}(\/|$)/)
            : isWebAddress
    }
}
