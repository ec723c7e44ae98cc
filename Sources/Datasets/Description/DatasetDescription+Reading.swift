public import HostSupport
import YAMLFiles

extension DatasetDescription {
    /// The layout that this version reads.
    static let currentSchema = 1

    /// Reads a description.
    ///
    /// - Parameter path: The file.
    /// - Returns: The description, checked.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/configuration``, naming the file, the line and
    ///   the key of everything that is wrong.
    public static func read(from path: HostPath) throws -> DatasetDescription {
        try parse(try FileSystem.readText(path, limit: 1 << 20), source: path.string)
    }

    /// Reads the text of a description.
    static func parse(_ text: String, source: String) throws -> DatasetDescription {
        try StrictYAML.decode(DatasetDescription.self, from: text, source: source, checking: \.problems).value
    }

    /// What is wrong with it.
    var problems: [YAMLProblem] {
        guard schema == Self.currentSchema else {
            return [
                YAMLProblem(path: ["schema"], text: "is \(schema): this version reads \(Self.currentSchema)")
            ]
        }
        var found = DescriptionProblems()
        found.check(Self.isName(name), "name", "cannot name a dataset: '\(name)'")
        found.line(title, "title")
        found.line(version, "version")
        found.text(description, "description")
        found.text(capture, "capture")
        found.check(!authors.isEmpty, "authors", "must name somebody")
        for (index, author) in authors.enumerated() { found.check(author, ["authors", "[\(index)]"]) }
        let licences = Licence.known.map(\.identifier).joined(separator: ", ")
        found.check(Licence.named(licence) != nil, "licence", "must be one of \(licences): '\(licence)'")
        found.lines(keywords, "keywords")
        found.lines(communities, "communities")
        found.addresses(webSeeds, "webSeeds") { $0.isWebAddress }
        found.addresses(trackers, "trackers") { $0.isTrackerAddress }
        for (index, work) in (related ?? []).enumerated() { found.check(work, ["related", "[\(index)]"]) }
        for (index, fund) in (funding ?? []).enumerated() { found.check(fund, ["funding", "[\(index)]"]) }
        found.check(doi?.isDOI ?? true, "doi", "must be a DOI such as 10.5281/zenodo.3759652: '\(doi ?? "")'")
        found.address(url, ["url"])
        found.line(publisher, "publisher")
        found.address(publisherUrl, ["publisherUrl"])
        found.check(date?.isDay ?? true, "date", "must be a day such as 2026-11-26: '\(date ?? "")'")
        if let contact {
            found.line(contact.name, "contact", "name")
            found.check(
                contact.email.wholeMatch(of: /[^@\s<>"]+@[^@\s<>"]+/) != nil && contact.email.isPlainLine,
                ["contact", "email"],
                "must be an address of e-mail: '\(contact.email)'"
            )
        }
        return found.problems
    }

    /// Whether a text can name a dataset, and so a folder.
    public static func isName(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]{0,79}/) != nil
    }
}
