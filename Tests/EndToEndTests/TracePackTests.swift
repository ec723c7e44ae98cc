import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("A recording is packed by itself or against a sibling")
struct TracePackTests {
    @Test("its sibling is found beside it, packed or not, or is named; else it is said what is missing")
    func siblings() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            let traces = folder / "traces"
            for run in ["a", "b"] { try SyntheticCollection.addRun(run, to: traces, recordings: [run]) }
            func run(_ words: [String], _ status: HostSupport.ExitStatus = .exited(0)) async throws
                -> ToolOutput
            {
                let output = try await pandacap(["trace"] + words)
                #expect(output.status == status, "\(words): \(output.standardError)")
                return output
            }
            let packed = folder / "packed"
            let pack = ["pack", "b", "-o", traces.string, "--against", "a", "--out", packed.string]
            #expect(try await run(pack).standardOutput.contains("a-rr-snp"))
            #expect(try await run(pack, .exited(73)).standardError.contains("--force"))
            _ = try await run(pack + ["--force", "--effort", "best"])

            let unpack = ["unpack", (packed / "b.store.json").string, "--force", "--out"]
            let missing = try await run(unpack + [(folder / "none").string], .exited(66))
            #expect(missing.standardError.contains("--against"))
            func expectSame(_ out: HostPath) async throws {
                for file in ["b-rr-snp", "b-rr-nondet.log"] {
                    #expect(try FileSystem.read(out / file) == FileSystem.read(traces / "runs/b/rr" / file))
                }
            }
            _ = try await run(unpack + [(folder / "named").string, "--against", "a", "-o", traces.string])
            try await expectSame(folder / "named")
            _ = try await run(["pack", "a", "-o", traces.string, "--out", packed.string])
            _ = try await run(unpack + [(folder / "found").string])
            try await expectSame(folder / "found")

            // A source that is not what was recorded, a packed file that was changed, an index that tells of others.
            let snapshot = traces / "runs/b/rr/b-rr-snp"
            try FileSystem.write(try FileSystem.read(snapshot) + [1], to: snapshot)
            #expect(
                try await run(pack + ["--force"], .exited(65)).standardError.contains("not what was recorded")
            )
            #expect(!FileSystem.exists(packed / "b-rr-snp.zst"))
            try FileSystem.write(Data([1, 2, 3]), to: packed / "a-rr-snp.zst")
            _ = try await run(
                ["unpack", (packed / "a.store.json").string, "--out", (folder / "x").string],
                .exited(65)
            )
            #expect(!FileSystem.exists(folder / "x/a-rr-snp"))
            let index = try FileSystem.readText(packed / "a.store.json")
            try FileSystem.write(
                index.replacingOccurrences(of: "a-rr-snp.zst", with: "../../etc/shadow"),
                to: packed / "a.store.json"
            )
            _ = try await run(
                ["unpack", (packed / "a.store.json").string, "--out", (folder / "x").string],
                .exited(65)
            )
        }
    }
}
