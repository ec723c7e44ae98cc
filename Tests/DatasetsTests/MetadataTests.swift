import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Datasets

@Suite("A dataset's metadata")
struct MetadataTests {
    private func withSample(
        _ yaml: String? = SampleDataset.yaml,
        _ body: (SampleDataset) async throws -> Void
    ) async throws {
        try await withScratch { folder in
            let sample = try SampleDataset.write(into: folder / "d", describedBy: yaml)
            try await sample.describe()
            try await body(sample)
        }
    }

    @Test("are the same bytes each time")
    func deterministic() async throws {
        try await withSample { sample in
            let names = BagTree(sample.folder).files
            let first = try names.map { try FileSystem.read(sample.folder / $0) }
            try await sample.describe()
            #expect(BagTree(sample.folder).files == names)
            #expect(try names.map { try FileSystem.read(sample.folder / $0) } == first)
        }
    }

    @Test("are not written where a file is not the one that the index names")
    func missing() async throws {
        try await withSample { sample in
            try FileSystem.write("?", to: sample.folder / "data" / sample.index.traces[0].snapshot.path)
            await #expect(throws: Failure.self) { try await sample.describe() }
        }
    }

    @Test("have tables that hold what visitors sent, and do nothing that they say")
    func tables() async throws {
        try await withSample { sample in
            let database = (sample.folder / "data/metadata/dataset.sqlite").string
            let banners = try await Tool("sqlite3").run([database, "SELECT DISTINCT hex(banner) FROM peers"])
            let banner = try #require(sample.index.traces[0].peers[0].banner)
            #expect(banners.lowercased() == hexadecimal(banner.utf8) + "\n")
            let counts = try await Tool("sqlite3").run([
                database,
                "SELECT (SELECT count(*) FROM traces), (SELECT count(*) FROM files), (SELECT count(*) FROM peers)",
            ])
            // A snapshot, a log, a record, packets and a kernel profile each, and a base disk.
            #expect(counts == "3|16|3\n")
            let script = """
                import csv, json, sys
                rows = list(csv.DictReader(open(sys.argv[1], newline="")))
                print(json.dumps([[row["name"], row["label"], row["verified"], row["os"]] for row in rows]))
                """
            let table = (sample.folder / "data/metadata/traces.csv").string
            let rows = try JSONDecoder().decode(
                [[String]].self,
                from: Data(try await Tool("python3").run(["-c", script, table]).utf8)
            )
            #expect(rows[2] == ["Odd, \"name\"", sample.index.traces[2].label ?? "", "true", ""])
            #expect(rows[1][2] == "false")
        }
    }

    @Test("have a README that says how to restore a difference, whose commands a shell takes")
    func restoring() async throws {
        try await withSample { sample in
            let text = try FileSystem.readText(sample.folder / "README.md")
            let reference = sample.index.traces[0].snapshot.path
            let packed = sample.index.traces[1].snapshot.path
            #expect(text.contains("zstd -d --long=31 -f data/\(reference) -o ../reference\n"))
            #expect(
                text.contains(
                    "zstd -d --long=31 --patch-from=../reference data/\(packed) -o ../session_000-rr-snp\n"
                )
            )
            #expect(text.contains("nothing was replaced"))
            #expect(text.contains("\\<b\\>tags\\</b\\>"), "markup of the description is text")
            #expect(text.contains("| Traces | 3, of 3 runs; 2 were proven to replay |"))
            #expect(text.contains("@misc{honeypots-2026-2026,"))
            for trace in sample.index.traces { #expect(text.contains(trace.name)) }
            var anonymised = sample
            anonymised.index.isAnonymised = true
            try await anonymised.describe()
            let other = try FileSystem.readText(sample.folder / "README.md")
            #expect(other.contains("**The recordings themselves are as they were made**"))
        }
    }

    @Test("say in a README without a description that it is missing")
    func undescribed() async throws {
        try await withSample(nil) { sample in
            let text = try FileSystem.readText(sample.folder / "README.md")
            #expect(text.contains("**This dataset has no description yet.**") && !text.contains("@misc"))
            #expect(throws: Failure.self) { try DescribedDataset(sample.folder).bibTeX() }
        }
    }

    @Test("are gathered over all volumes")
    func volumes() async throws {
        try await withScratch { folder in
            var names: [String] = []
            for number in 1...2 {
                let volume = DatasetIndex.Volume(number: number, count: 2)
                var sample = try SampleDataset.write(into: folder / "d-\(number)-of-2", volume: volume)
                sample.index.traces =
                    number == 1 ? Array(sample.index.traces.prefix(2)) : [sample.index.traces[2]]
                names += sample.index.traces.map(\.name)
                try await sample.describe()
            }
            let whole = try DescribedDataset(folder)
            #expect(whole.folders.count == 2 && whole.index.traces.map(\.name) == names)
            #expect(DatasetSummary(whole).traces == 3 && DatasetSummary(whole).volumes == 2)
            #expect(try DescribedDataset(whole.folders[0]).index.traces.count == 2)
        }
    }

    @Test("give BibTeX whose special characters are text")
    func bibTeX() async throws {
        try await withSample { sample in
            let entry = try DescribedDataset(sample.folder).bibTeX()
            #expect(entry.contains("title = {{Visits: SSH honeypots \\& \"co\" <2026>}}"))
            #expect(
                entry.contains("author = {Carberry, Josiah Stinkney and Lovelace, Ada and {The Department of")
            )
            #expect(
                BibTeX.escaped("a_b\\{c}~^#")
                    == "a\\_b\\textbackslash{}\\{c\\}\\textasciitilde{}\\textasciicircum{}\\#"
            )
        }
    }
}
