import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A trace becomes a page", .serialized)
struct TraceReportTests {
    /// A run of two recordings.
    private static func record(_ pandacap: Pandacap, in folder: HostPath) async throws -> String {
        let output = try await pandacap(
            [
                "record", try await ResumedGuest.shared.name(), "-o", (folder / "traces").string, "--run-id",
                "pictured", "-r", "2", "--", "sh", "-c", "uname -a; ping -c 2 10.0.2.2; sleep 1",
            ]
        )
        try #require(output.status == .exited(0), "\(output.standardError)")
        return (folder / "traces/runs/pictured").string
    }

    @Test("that a browser shows without asking for anything, and that has what the run's record says")
    func browser() async throws {
        try await withLab { pandacap, folder in
            let run = try await Self.record(pandacap, in: folder)
            let output = try await pandacap("trace", "report", run, in: folder)
            #expect(output.status == .exited(0), "\(output.standardError)")
            let page = folder / "pictured.html"
            #expect(output.standardOutput == "\(page)\n")
            let text = try FileSystem.readText(page)
            #expect(text.utf8.count < 300_000)
            let (record, _) = try onlyRun(in: folder / "traces")
            for recording in record.recordings {
                #expect(text.contains(">Recording \(recording.name)<"))
                #expect(text.contains("\(try #require(recording.instructions)) guest instructions"))
            }
            #expect(text.contains(record.engine.version))
            let chromium = Chromium(folder: folder)
            let view = try await chromium.look(at: page)
            #expect(view.console.isEmpty)
            #expect(view.requests.isEmpty)
            #expect(view.size == (1200, 1600))
            #expect(view.picture.count > 50_000, "there is something to be seen")
            #expect(view.elements.contains("<output>"), "the page's own script has run")
            #expect(view.elements.contains("Trace pictured"))
            let narrow = try await chromium.look(at: page, width: 500)
            #expect(narrow.console.isEmpty && narrow.size.width == 500)
            let dark = try await chromium.look(at: page, ["--blink-settings=preferredColorScheme=0"])
            #expect(dark.picture != view.picture)
            let pages = try await chromium.pdf(of: page)
            #expect(pages.starts(with: Data("%PDF-".utf8)))
        }
    }

    @Test("and the browser would tell if the page asked for something, or ran what it should not")
    func control() async throws {
        try await withLab { pandacap, folder in
            let run = try await Self.record(pandacap, in: folder)
            let output = try await pandacap("trace", "report", run, "--out", "-")
            let asking = output.standardOutput.replacing(
                "<h1>",
                with: "<img src=\"http://example.com/x.png\"/><script>console.log(1)</script><h1>",
                maxReplacements: 1
            )
            try FileSystem.write(asking, to: folder / "asking.html")
            let refused = try await Chromium(folder: folder).look(at: folder / "asking.html")
            #expect(refused.console.count == 2, "both are refused by the page's policy")
            #expect(refused.requests.isEmpty)
            let free = asking.replacing("Content-Security-Policy", with: "X-Nothing")
            try FileSystem.write(free, to: folder / "free.html")
            let allowed = try await Chromium(folder: folder).look(at: folder / "free.html")
            #expect(allowed.requests == ["http://example.com/x.png"])
        }
    }

    @Test(
        "that is never written over another unless told to, the same each time, and one recording's where one is named"
    )
    func files() async throws {
        try await withLab { pandacap, folder in
            let run = try await Self.record(pandacap, in: folder)
            let file = folder / "page.html"
            let json = try await pandacap("trace", "report", run, "--out", file.string, "--json")
            #expect(json.status == .exited(0), "\(json.standardError)")
            let object =
                try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any]
            #expect(object?["path"] as? String == file.string)
            #expect(object?["bytes"] as? UInt64 == FileSystem.size(file))
            #expect(object?["recordings"] as? [String] == ["session_000", "session_001"])
            let first = try FileSystem.read(file)
            let again = try await pandacap("trace", "report", run, "--out", file.string)
            #expect(again.status == .exited(73))
            #expect(again.standardError.contains("page.html is there already"))
            let forced = try await pandacap("trace", "report", run, "--out", file.string, "--force")
            #expect(forced.status == .exited(0))
            #expect(try FileSystem.read(file) == first)
            let one = try await pandacap("trace", "report", "\(run)/rr/session_001", "--out", "-")
            #expect(one.standardOutput.contains(">Recording session_001<"))
            #expect(!one.standardOutput.contains("session_000"))
            #expect(FileSystem.list(folder).sorted() == ["page.html", "traces"])
        }
    }

    @Test("of what there is, where the trace is damaged; and none where there is no trace")
    func damaged() async throws {
        try await withLab { pandacap, folder in
            let run = try await Self.record(pandacap, in: folder)
            let log = try FileSystem.read(HostPath("\(run)/rr/session_000-rr-nondet.log"))
            try FileSystem.write(log.prefix(log.count / 2), to: folder / "half-rr-nondet.log")
            let half = try await pandacap("trace", "report", (folder / "half").string, "--out", "-")
            #expect(half.status == .exited(0), "\(half.standardError)")
            #expect(half.standardError.contains("warning: the snapshot of half"))
            #expect(half.standardOutput.contains("the log of half was not ended"))
            #expect(half.standardOutput.contains("There is no snapshot that can be read."))
            let none = try await pandacap("trace", "report", (folder / "none").string)
            #expect(none.status == .exited(66))
            #expect(FileSystem.list(folder).sorted() == ["half-rr-nondet.log", "traces"])
            let both = try await pandacap("trace", "report", run, "--out", "-", "--json")
            #expect(both.status == .exited(64))
        }
    }
}
