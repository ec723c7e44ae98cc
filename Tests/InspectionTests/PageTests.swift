import Foundation
import FoundationXML
import HostSupport
import RunRecords
import Testing

@testable import Inspection
@testable import Traces

@Suite("The page of a report")
struct PageTests {
    /// What a guest, or whoever made a trace, could try.
    private static let hostile: [String] = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x",
        "a\u{0}b\u{1b}[31mc\u{7f}",
        // A quotation mark with an accent is one character that is none of those that are escaped.
        "\"\u{301} onclick=\"alert(1)", "<\u{338}b>", "&\u{308}amp;", "&amp;lt;", "]]>", "<!--",
        "{{title}}{{{style}}}",
        "\u{202e}gnp.exe", "\u{feff}\u{fffe}\u{ffff}", "\u{2028}\r\n\t", "javascript:alert(1)",
        "</style></title>",
    ]

    private static func page(
        _ name: String,
        problems: [String] = [],
        record: RunRecord? = nil
    ) throws -> ReportPage {
        let overview = try SampleOverview.make(entries: 800, step: 1000, seed: 7)
        var recording = Recording(name: name, structure: .complete)
        recording.verification = Verification(
            verdict: .diverged,
            time: Date(timeIntervalSince1970: 1_700_000_000),
            seconds: 1,
            instructions: nil,
            engineVersion: name,
            engineSHA256: "",
            problem: name
        )
        let snapshot = SnapshotHead(
            streamVersion: 3,
            machine: name,
            targetPageBits: nil,
            ramBlocks: [RAMBlock(name: name, bytes: 1 << 20)],
            totalRAMBytes: 1 << 20,
            hasSectionFooters: true,
            headBytes: 100,
            byteCount: 5000,
            ending: .cut
        )
        let section = ReportSection(
            name: name,
            overview: overview,
            times: RecordingTimes(overview.clock, files: RecordingFiles(prefix: "/nowhere"), recording: nil),
            snapshot: snapshot,
            parts: SnapshotParts(parts: [.init(name: name, bytes: 12, what: name)], note: name),
            record: record,
            recording: recording,
            problems: problems
        )
        return ReportPage(title: name, generator: "pandacap 0", sections: [section, section])
    }

    /// The page as an XML parser sees it: its elements' names, and the text.
    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var attributes: Set<String> = []
        var ids: [String] = []
        var references: [String] = []
        var text = ""

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements[name, default: 0] += 1
            self.attributes.formUnion(attributes.keys)
            if let id = attributes["id"] { ids.append(id) }
            references += (attributes["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
            if let target = attributes["href"], target.hasPrefix("#") {
                references.append(String(target.dropFirst()))
            }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    }

    private static func read(_ html: String) throws -> Reader {
        let reader = Reader()
        let parser = XMLParser(data: Data(html.utf8))
        parser.delegate = reader
        let isWellFormed = parser.parse()
        try #require(isWellFormed, "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "")")
        return reader
    }

    @Test("is well-formed and the same in structure, whatever names there are", arguments: hostile)
    func escaping(name: String) throws {
        let record = RunRecord(
            id: RunID(label: "x"),
            version: name,
            image: .init(name: name, digest: name),
            engine: .init(program: HostPath("/x"), version: name, sha256: ""),
            machine: Machine(architecture: .x8664, memory: .mebibytes(64)),
            command: LaunchCommand(
                executable: HostPath("/x"),
                arguments: [],
                workingDirectory: HostPath("/x")
            ),
            confined: true,
            egress: false,
            forwards: [],
            trigger: .command
        )
        let page = try Self.read(try Self.page(name, problems: [name], record: record).html())
        let plain = try Self.read(try Self.page("plain", problems: ["plain"], record: record).html())
        #expect(page.elements == plain.elements)
        #expect(page.attributes == plain.attributes)
        #expect(page.elements["script"] == 1)
        #expect(page.ids == plain.ids)
        #expect(!page.text.unicodeScalars.contains { $0.properties.generalCategory == .format })
    }

    @Test("has unique ids, and refers to what is there")
    func references() throws {
        let page = try Self.read(try Self.page("plain").html())
        #expect(Set(page.ids).count == page.ids.count)
        #expect(page.references.count > 30)
        #expect(Set(page.references).isSubset(of: Set(page.ids)))
        #expect(page.elements["svg", default: 0] > 12)
        #expect(page.elements["figure"] == 16)
    }

    @Test("loads nothing and goes nowhere")
    func selfContained() throws {
        let html = try Self.page("plain").html()
        for word in ["http:", "https:", "url(", "@import", "src=", "//\"", "<iframe", "<object"] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.contains("default-src 'none'"))
        #expect(html.utf8.count < 300_000)
    }

    @Test("is the same each time")
    func deterministic() throws {
        #expect(try Self.page("plain").html() == Self.page("plain").html())
    }

    @Test("lets its own script run, by its digest")
    func script() async throws {
        let html = try Self.page("plain").html()
        let match = try #require(html.firstMatch(of: /<script>([^<]*)<\/script>/))
        let digest = try await Digest.sha256(of: String(match.1))
        let bytes = stride(from: 0, to: 64, by: 2).map { place -> UInt8 in
            let start = digest.index(digest.startIndex, offsetBy: place)
            return UInt8(digest[start...].prefix(2), radix: 16) ?? 0
        }
        #expect(ReportPage.scriptDigest == "sha256-" + Data(bytes).base64EncodedString())
        #expect(html.contains("script-src '\(ReportPage.scriptDigest)'"))
    }

    @Test("has a list of its recordings where there are several")
    func several() throws {
        let overview = try SampleOverview.make(entries: 50, step: 1000, seed: 8)
        let sections = ["first", "second"].map { ReportSection.sample(overview, name: $0) }
        let one = try ReportPage(title: "t", generator: "g", sections: [sections[0]]).html()
        let two = try ReportPage(title: "t", generator: "g", sections: sections).html()
        #expect(!one.contains("aria-label=\"Recordings\""))
        #expect(two.contains("<li><a href=\"#r2\">second</a>"))
        #expect(two.contains("<section id=\"r2\""))
    }
}
