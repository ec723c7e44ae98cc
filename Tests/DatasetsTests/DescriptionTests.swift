import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Datasets

@Suite("A dataset's description")
struct DescriptionTests {
    private static let least = """
        schema: 1
        name: d
        title: t
        description: x
        authors: [{name: n}]
        licence: MIT

        """

    @Test("is read whole, and what it leaves out has a default")
    func reading() throws {
        let full = try DatasetDescription.parse(SampleDataset.yaml, source: "dataset.yaml")
        #expect(full.authors.map(\.listedName).first == "Carberry, Josiah Stinkney")
        #expect(full.authors.map(\.spokenName).last == "The Department of Psychoceramics")
        #expect(full.related?.map { $0.knownScheme } == [.doi, .url, .arXiv])
        #expect(full.isPublishable)
        let least = try DatasetDescription.parse(Self.least, source: "dataset.yaml")
        #expect(least.versionText == "1.0.0" && least.publisherText == "Zenodo" && least.address == nil)
        #expect(!DatasetDescription.minimal(name: "d").isPublishable)
    }

    @Test(
        "of 'dataset init' is valid as it is, whatever the name",
        arguments: ["d", "2026", "1.5", "null", "A_b-c.d"]
    )
    func example(name: String) throws {
        let about = try DatasetDescription.parse(DatasetDescription.example(name: name), source: "e")
        #expect(about.name == name)
        #expect(about.address != nil && about.isPublishable)
    }

    @Test(
        "names the file, the line and the key of what is wrong",
        arguments: [
            ("name: d", "name: ../d", "d.yaml:2: field 'name' cannot name a dataset"),
            ("name: d", "name: d\nnmae: e", "d.yaml:3: unknown key 'nmae'"),
            ("title: t", "title: ' '", "d.yaml:3: field 'title' must be one line"),
            ("title: t", "title: \"a\\u0007b\"", "field 'title' must be one line"),
            ("description: x", "description: ''", "d.yaml:4: field 'description' must be text"),
            ("[{name: n}]", "[]", "d.yaml:5: field 'authors' must name somebody"),
            ("{name: n}", "{name: n, family: f}", "field 'authors[0]' must have either"),
            ("{name: n}", "{given: n}", "field 'authors[0]' must have either"),
            ("{name: n}", "{name: n, given: g}", "field 'authors[0].given' belongs to a person"),
            (
                "{name: n}", "{name: n, affiliationUrl: 'https://e.org'}",
                "field 'authors[0].affiliationUrl' is the page"
            ),
            ("{name: n}", "{family: f, orcid: 0000-0002-1825-0098}", "field 'authors[0].orcid' is no ORCID"),
            ("licence: MIT", "licence: mit", "d.yaml:6: field 'licence' must be one of CC-BY-4.0"),
            ("licence: MIT", "licence: MIT\nkeywords: [a, a]", "field 'keywords' has something twice"),
            ("licence: MIT", "licence: MIT\ndoi: https://doi.org/10.5281/z", "field 'doi' must be a DOI"),
            ("licence: MIT", "licence: MIT\nurl: ftp://e.org/", "field 'url' must be an address"),
            ("licence: MIT", "licence: MIT\nurl: https://a:b@e.org/", "field 'url' must be an address"),
            ("licence: MIT", "licence: MIT\ndate: 2026-02-30", "field 'date' must be a day"),
            ("licence: MIT", "licence: MIT\ncontact: {email: nobody}", "field 'contact.email' must be"),
            ("licence: MIT", "licence: MIT\nwebSeeds: [e.org]", "field 'webSeeds[0]' is no address"),
            ("licence: MIT", "licence: MIT\ntrackers: ['udp://e.org/']", "field 'trackers[0]' is no address"),
            (
                "licence: MIT", "licence: MIT\nrelated: [{identifier: x, relation: Cites}]",
                "field 'related[0]' needs a 'scheme'"
            ),
            (
                "licence: MIT", "licence: MIT\nrelated: [{identifier: x, relation: Cites, scheme: DOI}]",
                "field 'related[0].identifier' is no DOI"
            ),
            ("licence: MIT", "licence: MIT\nrelated: [{identifier: x, relation: likes}]", "d.yaml:7"),
            ("schema: 1", "schema: 2", "d.yaml:1: field 'schema' is 2"),
        ]
    )
    func findings(_ key: String, _ wrong: String, _ words: String) throws {
        let text = Self.least.replacing(key, with: wrong)
        let failure = #expect(throws: Failure.self) { try DatasetDescription.parse(text, source: "d.yaml") }
        #expect(failure?.code == .configuration)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
    }

    @Test("agrees with its published schema")
    func schema() async throws {
        try await withScratch { folder in
            let bad = [
                ("name: d", "name: ../d"), ("name: d", "nmae: d"), ("title: t", "title: ''"),
                ("[{name: n}]", "[]"),
                ("{name: n}", "{name: n, family: f}"), ("{name: n}", "{name: n, orcid: 0000-0002-1825-0097}"),
                ("{name: n}", "{name: n, affiliationUrl: 'https://e.org'}"), ("licence: MIT", "licence: mit"),
                ("licence: MIT", "licence: MIT\nkeywords: [a, a]"),
                ("licence: MIT", "licence: MIT\nurl: e.org"),
                ("licence: MIT", "licence: MIT\nrelated: [{identifier: x, relation: likes}]"),
                ("licence: MIT", "licence: MIT\ncontact: {email: nobody}"),
            ].map { Self.least.replacing($0.0, with: $0.1) }
            let wrongly = try await SchemaCheck(
                schema: Installation.locate().root / "docs/dataset.schema.json",
                folder: folder
            ).accepted(
                good: [Self.least, SampleDataset.yaml, DatasetDescription.example(name: "d")],
                bad: bad
            )
            #expect(wrongly.isEmpty, "\(wrongly)")
            for text in bad {
                #expect(throws: Failure.self) { try DatasetDescription.parse(text, source: "d.yaml") }
            }
        }
    }

    @Test("has lists in its schema that are those of the program")
    func lists() throws {
        let path = try Installation.locate().root / "docs/dataset.schema.json"
        let properties = try JSONDecoder().decode(JSON.self, from: FileSystem.read(path))["properties"]
        func texts(_ value: JSON?) -> [String] { (value?.arrayValue ?? []).compactMap(\.textValue) }
        #expect(texts(properties?["licence"]?["enum"]) == Licence.known.map(\.identifier))
        let work = properties?["related"]?["items"]?["properties"]
        #expect(texts(work?["relation"]?["enum"]) == RelatedWork.Relation.allCases.map(\.rawValue))
        #expect(texts(work?["scheme"]?["enum"]) == RelatedWork.Scheme.allCases.map(\.rawValue))
        let full = try DatasetDescription.parse(SampleDataset.yaml, source: "d")
        let keys = try JSONDecoder().decode(JSON.self, from: JSONText.encode(full)).objectValue ?? [:]
        #expect(Set(keys.keys) == Set((properties?.objectValue ?? [:]).keys).subtracting(["publisherUrl"]))
    }

    @Test("tells a wrong digit of an ORCID from a right one, wherever it stands")
    func orcid() {
        // https://support.orcid.org/hc/en-us/articles/360006897674
        for right in ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"] {
            #expect(ORCID.isValid(right))
            for place in right.indices where right[place] != "-" {
                for digit in "0123456789X" where digit != right[place] {
                    var wrong = right
                    wrong.replaceSubrange(place...place, with: String(digit))
                    #expect(!ORCID.isValid(wrong), "\(wrong)")
                }
            }
        }
        #expect(
            !ORCID.isValid("0000000218250097") && !ORCID.isValid("") && !ORCID.isValid("٠٠٠٠-0002-1825-0097")
        )
    }
}
