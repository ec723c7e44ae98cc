import Foundation
import Glibc
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("Datasets of real traces", .serialized)
struct DatasetTests {
    @Test("three traces are packed, looked at, unpacked by another user in an empty folder, and replay there")
    func otherUser() async throws {
        try await withLab { pandacap, folder in
            let collection = try await DatasetLab.shared.collection()
            let dataset = folder / "d"
            let packed = try await pandacap(
                "dataset",
                "pack",
                collection.string,
                "--out",
                dataset.string,
                "--archive"
            )
            #expect(packed.status == .exited(0), "\(packed.standardError)")
            let one = try await pandacap(
                "dataset",
                "pack",
                collection.string,
                "--out",
                "x",
                "--tag",
                "first",
                "--dry-run"
            )
            #expect(
                one.standardOutput.contains("would pack 1 traces") && !one.standardOutput.contains("trace-1")
            )

            let looked = try await pandacap(
                "dataset",
                "verify",
                dataset.string,
                "--replay",
                "1",
                "--seed",
                "7"
            )
            #expect(looked.status == .exited(0), "\(looked.standardOutput) \(looked.standardError)")
            #expect(looked.standardOutput.contains("replayed to its end"))

            // Nobody can read what is root's, and has no home.
            let user = folder / "nobody"
            try FileSystem.createDirectory(user)
            for path in [folder, user] { try FileSystem.setMode(path, 0o755) }
            #expect(chown(user.string, 65534, 65534) == 0)
            func asNobody(_ arguments: String...) async throws -> ToolOutput {
                try await Tool("setpriv").output(
                    [
                        "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=\(user)",
                        "TMPDIR=\(user)",
                        "PANDACAP_HOME=\(pandacap.home)", Pandacap.program.string,
                    ] + arguments,
                    workingDirectory: user
                )
            }
            let unpacked = try await asNobody(
                "dataset",
                "unpack",
                folder.string + "/d.tar",
                "--out",
                "restored"
            )
            #expect(unpacked.status == .exited(0), "\(unpacked.standardError)")
            for number in 0..<3 {
                let (new, old) = (
                    user / "restored/runs/trace-\(number)/rr", collection / "runs/trace-\(number)/rr"
                )
                for name in FileSystem.list(old) {
                    #expect(try await Digest.sha256(new / name) == Digest.sha256(old / name))
                }
            }
            let replayed = try await asNobody("replay", "trace-1", "-o", "restored")
            #expect(replayed.status == .exited(0), "\(replayed.standardOutput) \(replayed.standardError)")
            let listed = try await asNobody("runs", "-o", "restored", "--tag", "first", "--json")
            #expect(
                listed.standardOutput.contains("the first one") && !listed.standardOutput.contains("trace-2")
            )
        }
    }

    @Test("the plain zstd command restores what was packed")
    func byHand() async throws {
        try await withLab { pandacap, folder in
            let collection = try await DatasetLab.shared.collection()
            let packed = try await pandacap(
                "dataset",
                "pack",
                collection.string,
                "--out",
                (folder / "d").string
            )
            #expect(packed.status == .exited(0), "\(packed.standardError)")
            let index = try JSONSerialization.jsonObject(
                with: FileSystem.read(folder / "d/data/metadata/dataset.json")
            )
            let traces = try #require((index as? [String: Any])?["traces"] as? [[String: Any]])
            var deltas = 0
            for trace in traces {
                let file = try #require(trace["snapshot"] as? [String: Any])
                let restored = try #require(file["restored"] as? [String: Any])
                func data(_ path: Any?) throws -> HostPath {
                    folder / "d/data" / (try #require(path as? String))
                }
                var arguments = [
                    "-q", "-d", "--long=31", try data(file["path"]).string, "-o", (folder / "out").string,
                    "-f",
                ]
                if let reference = restored["reference"] {
                    deltas += 1
                    try await Tool("zstd").run([
                        "-q", "-f", "-d", "--long=31", try data(reference).string, "-o",
                        (folder / "ref").string,
                    ])
                    arguments.append("--patch-from=\(folder / "ref")")
                }
                try await Tool("zstd").run(arguments)
                #expect(try await Digest.sha256(folder / "out") == restored["sha256"] as? String)
            }
            #expect(deltas > 0)

            let page = folder / "page.html"
            let described = try await pandacap(
                "dataset",
                "describe",
                (folder / "d").string,
                "--html",
                page.string,
                "--trace",
                "trace-1"
            )
            #expect(described.status == .exited(0), "\(described.standardError)")
            let html = try FileSystem.readText(page)
            #expect(html.contains("trace-1: session_000") && html.contains("<svg"))
            #expect(!html.contains("trace-2: session_000"))
        }
    }

    @Test(
        "interrupted and killed at any point, a packing and an unpacking are completed by the next, and nothing is damaged"
    )
    func killed() async throws {
        try await withScratch { folder in
            let temporary = folder / "temporary"
            try FileSystem.createDirectory(temporary)
            let pandacap = Pandacap(
                home: folder / "home",
                environment: ["SOURCE_DATE_EPOCH": "1000000", "TMPDIR": temporary.string]
            )
            let traces = folder / "traces"
            for run in ["a", "b", "c"] { try SyntheticCollection.addRun(run, to: traces, bytes: 1_000_000) }
            let whole = folder / "whole/d"
            try FileSystem.createDirectory(whole.parent)
            let pack = [
                "dataset", "pack", traces.string, "-q", "--jobs", "1", "--split-files", "26", "--out",
            ]
            let start = ContinuousClock.now
            #expect(try await pandacap(pack + [whole.string]).status == .exited(0))
            let packing = ContinuousClock.now - start
            let expected = try contents(whole)
            let unpack = ["dataset", "unpack", whole.string, "-q", "--jobs", "1", "--out"]
            let begin = ContinuousClock.now
            #expect(try await pandacap(unpack + [(folder / "u").string]).status == .exited(0))
            let unpacking = ContinuousClock.now - begin
            let restored = try contents(folder / "u")
            var random = SeededGenerator(seed: 20)
            for round in 0..<20 {
                let isPacking = round % 2 == 0
                let target = folder / "r\(round)/d"
                try FileSystem.createDirectory(target.parent)
                let arguments = (isPacking ? pack : unpack) + [target.string]
                // Twice, so that what goes on is killed, too.
                for signal in [SIGINT, SIGKILL] {
                    let part = Double.random(in: 0.05...1, using: &random)
                    let status = try await stop(
                        arguments,
                        pandacap,
                        by: signal,
                        after: (isPacking ? packing : unpacking) * part,
                        in: folder
                    )
                    if signal == SIGINT, status != .signalled(SIGINT) {
                        #expect([.exited(0), .exited(130)].contains(status), "\(status)")
                        #expect(FileSystem.list(temporary).isEmpty, "nothing is left of what was interrupted")
                    }
                    for name in FileSystem.list(temporary) { try FileSystem.remove(temporary / name) }
                }
                let output = try await pandacap(arguments)
                #expect(output.status == .exited(0), "\(output.standardError)")
                #expect(try contents(target) == (isPacking ? expected : restored), "round \(round)")
                #expect(FileSystem.list(target.parent) == ["d"] + (isPacking ? ["d-privacy.json"] : []))
            }
        }
    }

    private func stop(
        _ arguments: [String],
        _ pandacap: Pandacap,
        by signal: Int32,
        after time: Duration,
        in folder: HostPath
    ) async throws -> HostSupport.ExitStatus {
        try await pandacap.beside(arguments, in: folder) { child in
            try await Task.sleep(for: time)
            child.signal(signal)
        }.status
    }

    /// The digests of all files below a folder but locks.
    private func contents(_ folder: HostPath) throws -> [String: String] {
        let names = FileManager.default.enumerator(atPath: folder.string)?.compactMap { $0 as? String } ?? []
        return try names.filter { FileSystem.isRegularFile(folder / $0) && !$0.hasSuffix(".lock") }.reduce(
            into: [:]) {
                $0[$1] = RunningDigest.text(of: try FileSystem.read(folder / $1), .sha256)
            }
    }
}
