import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("A dataset is described", .serialized)
struct DatasetDescribeTests {
    /// What describes a dataset, with names that want to be more than text.
    private static func dataset(in folder: HostPath) throws -> HostPath {
        let dataset = folder / "honeypots"
        try FileSystem.createDirectory(dataset / "data/metadata")
        let digest = String(repeating: "0", count: 64)
        func file(_ path: String, _ bytes: Int, _ restored: Int?) -> String {
            let contents = restored.map {
                #", "restored": {"name": "x", "bytes": \#($0), "sha256": "\#(digest)"}"#
            }
            return
                #"{"path": "\#(path)", "bytes": \#(bytes), "sha256": "\#(digest)", "mediaType": "application/zstd"\#(contents ?? "")}"#
        }
        let peer =
            #"{"address": "192.0.2.1", "port": 1, "guestPort": 22, "transport": "tcp", "isFromGuest": false, "first": "2026-11-26T00:00:00.000Z", "last": "2026-11-26T00:00:01.000Z", "received": 5, "sent": 6, "users": []}"#
        let traces = (0..<30).map { number in
            #"{"name": "t\#(number)<script>console.log(1)</script>", "run": "r", "recording": "session_000", "isVerified": true, "started": "2026-11-\#(10 + number % 9)T00:00:00.000Z", "seconds": 2.5, "instructions": \#(number * 1_000_000), "image": "debian-12", "imageDigest": "", "architecture": "x86_64", "memory": 536870912, "trigger": "login", "tags": [], "peers": [\#(peer)], "snapshot": \#(file("rr/\(number)", 500_000 + number * 10_000, 308_000_000)), "log": \#(file("rr/\(number).log", 800_000, 3_300_000)), "record": \#(file("metadata/\(number).json", 2000, nil))}"#
        }
        let index =
            #"{"schema": 1, "name": "honeypots", "version": "1", "created": "2026-11-26T00:00:00.000Z", "format": "store", "isAnonymised": false, "traces": [\#(traces.joined(separator: ","))], "disks": [\#(file("qcow/base.zst", 90_000_000, 400_000_000))]}"#
        let about =
            #"{"schema": 1, "name": "honeypots", "title": "Visits & <b>more</b>", "description": "x", "authors": [{"family": "Lovelace", "given": "Ada"}], "licence": "CC0-1.0"}"#
        try FileSystem.write(index, to: dataset / "data/metadata/dataset.json")
        try FileSystem.write(about, to: dataset / "data/metadata/description.json")
        return dataset
    }

    @Test("in words, with what is wrong with it; and as BibTeX")
    func words() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            let dataset = try Self.dataset(in: folder)
            let output = try await pandacap("dataset", "describe", dataset.string)
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.contains("Traces      30 of 1 runs; 30 proven to replay\n"))
            #expect(output.standardOutput.contains("Authors     Lovelace, Ada\n"))
            #expect(output.standardError.contains("warning: croissant.json: is missing"))
            let json = try await pandacap("dataset", "describe", dataset.string, "--json")
            let object =
                try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any]
            #expect((object?["summary"] as? [String: Any])?["traces"] as? Int == 30)
            let entry = try await pandacap("dataset", "describe", dataset.string, "--bibtex")
            #expect(entry.standardOutput.hasPrefix("@misc{honeypots-2026,\n  author = {Lovelace, Ada},\n"))
            let none = try await pandacap("dataset", "describe", folder.string)
            #expect(none.status == .exited(66))
        }
    }

    @Test(
        "as a page that a browser shows without asking for anything, and that runs nothing of the dataset's"
    )
    func page() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            let dataset = try Self.dataset(in: folder)
            let page = folder / "page.html"
            let output = try await pandacap("dataset", "describe", dataset.string, "--html", page.string)
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput == "\(page)\n")
            let text = try FileSystem.readText(page)
            #expect(
                text.contains("<h1>Dataset honeypots</h1>") && text.contains("Visits &amp; &lt;b&gt;more")
            )
            let view = try await Chromium(folder: folder).look(at: page)
            #expect(view.console.isEmpty && view.requests.isEmpty)
            #expect(view.picture.count > 50_000, "there is something to be seen")
            #expect(view.elements.components(separatedBy: "<figure").count == 7)
            let again = try await pandacap("dataset", "describe", dataset.string, "--html", page.string)
            #expect(again.status == .exited(73))
            let forced = try await pandacap(
                "dataset",
                "describe",
                dataset.string,
                "--html",
                page.string,
                "--force"
            )
            #expect(forced.status == .exited(0))
            #expect(try FileSystem.readText(page) == text)
        }
    }

    @Test("with a file that 'dataset init' begins, once")
    func begun() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            let output = try await pandacap("dataset", "init", "honeypots", in: folder)
            #expect(output.standardOutput == "\(folder / "dataset.yaml")\n")
            let text = try FileSystem.readText(folder / "dataset.yaml")
            #expect(text.contains("\nname: honeypots\n"))
            #expect(try await pandacap("dataset", "init", "other", in: folder).status == .exited(73))
            #expect(try await pandacap("dataset", "init", "../other", in: folder).status == .exited(64))
            #expect(
                try await pandacap("dataset", "init", "honeypots", "--out", "-", in: folder).standardOutput
                    == text
            )
        }
    }
}
