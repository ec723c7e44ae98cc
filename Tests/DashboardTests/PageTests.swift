import Catalogue
import Foundation
import HostSupport
import PageTemplates
import RunRecords
import TestSupport
import Testing
import WebServer

@testable import Dashboard

/// The runs that a page's table has.
private func ids(_ page: String) -> [String] {
    page.matches(of: /<a class="id" href="[^"]*">([^<]*)<\/a>/).map { String($0.1) }
}

@Suite("Pages of runs")
struct RunsPageTests {
    @Test("have fifty each, and links to the others")
    func paging() async throws {
        try await withDashboard(fill: .records(120)) { lab in
            let first = await lab.get("/runs?sort=id&dir=asc").text
            #expect(ids(first) == (0..<50).map { "run-\(String(1000 + $0).dropFirst())" })
            #expect(first.contains("1 to 50 of 120 runs"))
            #expect(first.contains("<a rel=\"next\" href=\"/runs?sort=id&amp;dir=asc&amp;page=2\">"))
            #expect(!first.contains("rel=\"prev\""))
            let last = await lab.get("/runs?sort=id&dir=asc&page=3").text
            #expect(ids(last) == (100..<120).map { "run-\(String(1000 + $0).dropFirst())" })
            #expect(last.contains("101 to 120 of 120 runs") && !last.contains("rel=\"next\""))
            for odd in ["0", "-1", "x", "99999999999999999999"] {
                #expect(await ids(lab.get("/runs?sort=id&dir=asc&page=\(odd)").text) == ids(first), "\(odd)")
            }
            #expect(await ids(lab.get("/runs?sort=id&dir=asc&page=999").text) == ids(last))
        }
    }

    @Test("can be sorted by each column, either way, and say so")
    func sorting() async throws {
        try await withDashboard(fill: .records(60)) { lab in
            for order in RunQuery.Order.allCases {
                var query = RunQuery()
                query.order = order
                query.limit = 50
                for isDescending in [true, false] {
                    query.isDescending = isDescending
                    let direction = isDescending ? "desc" : "asc"
                    let page = await lab.get("/runs?sort=\(order.rawValue)&dir=\(direction)").text
                    let expected = try lab.dashboard.collections[0].catalogue.runs(query).map(\.id)
                    #expect(ids(page) == expected, "\(order) \(direction)")
                    guard order != .change else { continue }
                    #expect(page.contains("aria-sort=\"\(isDescending ? "descending" : "ascending")\""))
                    #expect(page.matches(of: /aria-sort/).count == 1)
                }
            }
        }
    }

    @Test("can be chosen by state, tag, image, time and text")
    func filters() async throws {
        try await withDashboard(fill: .records(60)) { lab in
            func count(_ question: String) async -> String? {
                await lab.get("/runs?\(question)").text.firstMatch(
                    of: /role="status">(?:[^<]* of )?([0-9,]+) run/
                )
                .map { String($0.1) }
            }
            #expect(await count("") == "60")
            #expect(await count("state=failed") == "15")
            #expect(await count("tag=tenth") == "6")
            #expect(await count("tag=tenth&state=failed") == "3")
            #expect(await count("image=tiny") == "60")
            #expect(await count("text=run-00") == "10")
            #expect(await count("text=nobody+came") == "15")
            #expect(await count("since=1h") == "60")
            #expect(await count("since=2100-01-01") == nil)
            #expect(await lab.get("/runs?image=none").text.contains("No run matches."))
            let failed = await lab.get("/runs?state=failed&sort=id&dir=asc").text
            #expect(failed.contains("<option selected=\"selected\">failed</option>"))
            #expect(failed.contains("href=\"/runs?state=failed&amp;sort=id\""), "sorted the other way round")
        }
    }

    @Test("say what they did not understand")
    func problems() async throws {
        try await withDashboard(fill: .records(3)) { lab in
            for question in ["state=odd", "sort=odd", "since=odd"] {
                let answer = await lab.get("/runs?\(question)")
                #expect(answer.status == 400)
                #expect(answer.text.contains("role=\"alert\""))
                #expect(await lab.get("/api/runs?\(question)").status == 400)
            }
            #expect(await lab.get("/runs?in=2").status == 404)
        }
    }

    @Test("have the same for programs")
    func api() async throws {
        try await withDashboard(fill: .records(60)) { lab in
            let answer = await lab.get("/api/runs?state=failed")
            #expect(answer.header("Content-Type") == "application/json")
            let object = try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any]
            #expect(object?["count"] as? Int == 15)
            #expect((object?["runs"] as? [Any])?.count == 15)
            let record = await lab.get("/api/runs/run-007").text
            #expect(record.contains("\"id\" : \"run-007\""))
            #expect(await lab.get("/api/totals").text.contains("\"runs\" : 60"))
            #expect(await lab.get("/api/runs/none").status == 404)
            #expect(await lab.get("/api/dataset").status == 404)
        }
    }
}

@Suite("What strangers wrote stays text")
struct EscapingTests {
    /// Ends attributes and elements, unless it is escaped scalar by scalar: each mark has an accent on it.
    private static let nasty =
        "<\u{301}script>alert(1)<\u{301}/script>\"\u{301} onload=\"\u{301}x' &amp; \u{202E}{{title}} {{{content}}}"

    @Test("a template escapes by scalars, whatever is combined")
    func template() throws {
        let template = try PageTemplate(
            Array("<p title=\"{{a}}\">{{#list}}{{.}}{{/list}}</p>".utf8),
            named: "test"
        )
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let text = generator.nastyText()
            let html = template.html(["a": text, "list": [text]])
            let inner = html.unicodeScalars.dropFirst(10).dropLast(4)
            #expect(inner.count { $0 == "<" } == 0)
            #expect(inner.count { $0 == ">" } == 1)
            #expect(inner.count { $0 == "\"" } == 1)
            #expect(!inner.contains { $0 == "\u{202E}" || $0 == "\u{1B}" })
        }
        let html = template.html(["a": Self.nasty, "list": [Self.nasty]])
        #expect(!html.unicodeScalars.dropFirst().contains("<" as Unicode.Scalar) || html.contains("</p>"))
        #expect(html.contains("{{title}}"), "what looks like a template is none")
    }

    private static func elements(_ html: String) -> [String] {
        var found: [String] = []
        var name: String?
        for scalar in html.unicodeScalars {
            if scalar == "<" {
                name = ""
            } else if let soFar = name {
                if scalar == ">" || scalar == " " {
                    found.append(soFar)
                    name = nil
                } else {
                    name = soFar + String(scalar)
                }
            }
        }
        return found
    }

    @Test("on every page: a nasty run looks to a browser as a plain one does")
    func pages() async throws {
        func fill(_ text: String, _ collection: HostPath) throws {
            try SyntheticCollection.addRun("one", to: collection, bytes: 100_000) { record in
                record.label = text
                record.tags = [text]
                record.warnings = [text]
                record.ending = text
                record.marks = [text]
                record.commands = [.init(arguments: [text])]
                record.recordings[0].problem = text
            }
            let folder = RunFolder(collection / "runs/one")
            var peer = Peer(
                address: text,
                port: 1,
                guestPort: 22,
                transport: text,
                isFromGuest: false,
                first: Date()
            )
            peer.banner = text
            peer.users = [text]
            try RunPeers(peers: [peer], problem: text).write(to: folder)
            try FileSystem.write(text + "\n", to: folder.console)
            try FileSystem.write(text + "\n", to: folder.standardOutput)
            try addFleet("trial", to: collection, note: text == "x" ? "x" : "<\u{301}img src=x>'")
            let damaged = collection / "runs/damaged"
            try FileSystem.createDirectory(damaged)
            try FileSystem.write("{\"\(text == "x" ? "x" : "<img>")\": 1}", to: damaged / "run.json")
        }
        var plain: [String: [String]] = [:]
        // By their ids: the two may have been made at one time.
        let targets = ["/", "/runs?sort=id", "/runs/one", "/runs/damaged", "/fleets/trial"]
        try await withDashboard(fill: Filling(fill: { try fill("x", $0) })) { lab in
            for target in targets { plain[target] = Self.elements(await lab.get(target).text) }
        }
        try await withDashboard(fill: Filling(fill: { try fill(Self.nasty, $0) })) { lab in
            for target in targets {
                let text = await lab.get(target).text
                #expect(Self.elements(text) == plain[target], "\(target)")
                #expect(!text.contains("\u{202E}"))
            }
        }
    }

    @Test("what an address asks for, too")
    func address() async throws {
        try await withDashboard(fill: .records(3)) { lab in
            let nasty = WebForm.encoded(Self.nasty)
            var plain: [String]?
            for word in ["x", nasty] {
                let page = await lab.get(
                    "/runs?state=\(word)&image=\(word)&tag=\(word)&fleet=\(word)&since=\(word)&text=\(word)&sort=\(word)"
                ).text
                #expect(plain == nil || plain == Self.elements(page))
                plain = Self.elements(page)
            }
            let missing = await lab.get("/\(nasty)").text
            #expect(Self.elements(missing) == Self.elements(await lab.get("/x").text))
        }
    }
}

@Suite("What changes while somebody looks")
struct LiveTests {
    @Test("comes as one event for each change, with every value as a page has it")
    func events() async throws {
        try await withDashboard(fill: .fleet("trial")) { lab in
            let answer = await lab.get("/fleets/trial/events")
            guard case .events(let next) = answer.body else {
                Issue.record("no events")
                return
            }
            let first = try #require(try await next())
            let page = await lab.get("/fleets/trial").text
            #expect(page.contains("data-live=\"runs\">1,234<"))
            #expect(page.contains("data-events=\"/fleets/trial/events\""))
            let layout = try #require(page.firstMatch(of: /data-layout="([0-9a-f]+)"/)).1
            #expect("\(first)".contains("\\\"layout\\\":\\\"\(layout)\\\"") || "\(first)".contains(layout))
            try addFleet("trial", to: lab.collection, note: "changed")
            let second = try #require(try await next())
            #expect("\(second)".contains("changed"))
        }
    }

    @Test("a fleet that has stopped is shown as such; one that wrote nothing is not found")
    func stopped() async throws {
        try await withDashboard(
            fill: Filling {
                try addFleet("trial", to: $0, phase: "stopped")
                try addFleet("broken", to: $0)
                try FileSystem.write("{", to: $0 / "fleets/broken/status.json")
            },
            { lab in
                let page = await lab.get("/fleets/trial").text
                #expect(page.contains("not running") && page.contains("This fleet has ended"))
                #expect(await lab.get("/fleets/broken").status == 404)
                let overview = await lab.get("/")
                #expect(overview.status == 200 && overview.text.contains("no status that can be understood"))
                #expect(await lab.get("/api/fleets").text.contains("\"isRunning\" : false"))
            }
        )
    }

    @Test("a fleet that is new comes with its own address; those that are known keep theirs")
    func newFleet() async throws {
        try await withDashboard(fill: .fleet("trial")) { lab in
            func layout() throws -> String {
                let page = OverviewPage(
                    collections: lab.dashboard.collections,
                    fleets: lab.dashboard.fleets
                )
                return try page.live(at: Date()).layout
            }
            let (known, before) = (lab.dashboard.fleets, try layout())
            try addFleet("another", to: lab.collection)
            #expect(await lab.get("/fleets/another").status == 404)
            lab.dashboard.findFleets()
            #expect(await lab.get("/fleets/another").status == 200)
            #expect(lab.dashboard.fleets.map(\.id) == ["trial", "another"])
            #expect(lab.dashboard.fleets[0] === known[0])
            #expect(try layout() != before)
        }
    }

    @Test("the words for a bar are those that come with its numbers")
    func bar() async throws {
        try await withDashboard(fill: .records(8)) { lab in
            let page = OverviewPage(collections: lab.dashboard.collections, fleets: [])
            let words = try #require(try page.live(at: Date()).values["c1-bar"])
            #expect(words == "Runs by state: 6 planned, 2 failed")
            #expect(await lab.get("/").text.contains("aria-label=\"\(words)\" data-label=\"c1-bar\""))
        }
    }

    @Test("a run that is new is found by its address at once, and in the sums when the catalogue has it")
    func fresh() async throws {
        try await withDashboard { lab in
            #expect(await lab.get("/").text.contains("There is no run yet."))
            try SyntheticCollection.addRun("late", to: lab.collection, bytes: 100_000)
            #expect(await lab.get("/runs/late").status == 200)
            _ = try lab.dashboard.collections[0].catalogue.refresh()
            #expect(await lab.get("/").text.contains("data-live=\"c1-runs\">1<"))
        }
    }
}

@Suite("Words")
struct WordsTests {
    @Test("numbers, lengths and ages")
    func words() {
        #expect(
            [0, 7, 999, 1000, 1_234_567, -1000].map(Words.count) == [
                "0", "7", "999", "1,000", "1,234,567", "-1,000",
            ]
        )
        #expect(Words.seconds(.nan) == "–" && Words.seconds(nil) == "–" && Words.seconds(1e300) == "–")
        let now = Date(timeIntervalSince1970: 1_000_000)
        let ages = [-5.0, 5, 500, 50_000, 500_000].map { Words.age(of: now.addingTimeInterval(-$0), at: now) }
        #expect(ages == ["0 s", "5 s", "8 min", "13 h", "5 d"])
    }

    @Test("addresses: whatever is in a part is one part, and comes back")
    func forms() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            let text = generator.nastyText()
            let encoded = WebForm.encoded(text)
            #expect(
                encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F && $0 != 0x3F && $0 != 0x26 }
            )
            let request = WebRequest("GET", "/a/\(encoded)?b=\(encoded)&c")
            #expect(request.path == (text.isEmpty ? ["a"] : ["a", text]))
            #expect(request.query["b"] == (text.isEmpty ? nil : text))
            #expect(WebForm(Substring(request.query.text)) == request.query)
        }
        #expect(WebRequest("GET", "/%zz/%4?%=%&&=").path == ["%zz", "%4"])
        #expect(WebRequest("GET", "/?a=1&a=2").query["a"] == nil)
    }
}
