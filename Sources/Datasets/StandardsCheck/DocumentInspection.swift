/// Looks at a JSON document key by key, and collects what is wrong with it.
struct DocumentInspection {
    let file: String
    let root: JSON
    private(set) var findings: [StandardsFinding] = []

    init(_ file: String, _ root: JSON) {
        self.file = file
        self.root = root
    }

    mutating func wrong(_ place: String, _ text: String) {
        findings.append(StandardsFinding(level: .wrong, file: file, place: place, text: text))
    }

    mutating func unfinished(_ place: String, _ text: String) {
        findings.append(StandardsFinding(level: .unfinished, file: file, place: place, text: text))
    }

    /// The text of a key, which must be there and be what is expected.
    @discardableResult
    mutating func text(
        _ object: JSON,
        _ key: String,
        _ place: String,
        _ expected: String = "must be a text that is not empty",
        _ holds: (String) -> Bool = { !$0.isEmpty }
    ) -> String? {
        let path = Self.join(place, key)
        guard let value = object[key] else {
            wrong(path, "is missing")
            return nil
        }
        guard let text = value.textValue, holds(text) else {
            wrong(path, expected)
            return nil
        }
        return text
    }

    /// The text of a key that may be missing, and must be what is expected where it is there.
    @discardableResult
    mutating func optionalText(
        _ object: JSON,
        _ key: String,
        _ place: String,
        _ expected: String,
        _ holds: (String) -> Bool
    ) -> String? {
        object[key] == nil ? nil : text(object, key, place, expected, holds)
    }

    /// A key that must have one value and no other.
    mutating func constant(_ object: JSON, _ key: String, _ place: String, _ value: JSON) {
        let path = Self.join(place, key)
        guard let found = object[key] else { return wrong(path, "is missing") }
        if found != value { wrong(path, "must be \(value.textValue ?? "another value")") }
    }

    /// The elements of a key, of which there must be one at least; nothing where it is no list.
    mutating func list(_ object: JSON, _ key: String, _ place: String) -> [(place: String, value: JSON)] {
        let path = Self.join(place, key)
        guard let value = object[key] else {
            wrong(path, "is missing")
            return []
        }
        guard let elements = value.arrayValue, !elements.isEmpty else {
            wrong(path, "must be a list that is not empty")
            return []
        }
        return elements.enumerated().map { ("\(path)[\($0)]", $1) }
    }

    /// The elements of a key that may be missing.
    mutating func optionalList(_ object: JSON, _ key: String, _ place: String) -> [(
        place: String, value: JSON
    )] {
        object[key] == nil ? [] : list(object, key, place)
    }

    static func join(_ place: String, _ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }
}

extension String {
    /// Whether it is a SHA-256 digest in hexadecimal.
    var isDigest: Bool { wholeMatch(of: /[0-9a-f]{64}/) != nil }

    /// Whether it is a media type, such as `text/csv`.
    var isMediaType: Bool { wholeMatch(of: /[a-z]+\/[A-Za-z0-9.+-]+/) != nil }

    /// Whether it is the address of an ORCID whose check is right.
    var isORCIDAddress: Bool { hasPrefix("https://orcid.org/") && ORCID.isValid(String(dropFirst(18))) }
}
