import Foundation
import Glibc
import HostSupport
import RunRecords
import TestSupport
import Testing

/// A collection of two traces of the tiny guest, recorded once for all tests of analyses.
private actor AnalysisLab {
    static let shared = AnalysisLab()

    private var preparation: Task<HostPath, any Error>?

    func collection() async throws -> HostPath {
        let task = preparation ?? Task { try await Self.record() }
        preparation = task
        return try await task.value
    }

    private static func record() async throws -> HostPath {
        let pandacap = try await Lab.shared.ready()
        let collection = pandacap.home / "analysis-traces"
        try FileSystem.remove(collection)
        @Sendable func record(_ id: String, _ command: String) async throws {
            let output = try await pandacap([
                "record", "tiny", "-q", "-o", collection.string, "--run-id", id, "--", "sh", "-c", command,
            ])
            guard output.status == .exited(0) else { throw Failure(.unavailable, output.standardError) }
        }
        async let one: Void = record("one", "cat /etc/passwd; echo hi > /tmp/canary")
        async let two: Void = record("two", "ls /")
        _ = try await (one, two)
        return collection
    }
}

@Suite("Traces are analysed", .serialized)
struct AnalysisTests {
    private func withCopy(_ body: (Pandacap, HostPath) async throws -> Void) async throws {
        let pandacap = try await Lab.shared.ready()
        let original = try await AnalysisLab.shared.collection()
        try await withScratch { folder in
            try await Tool("cp").run(["-r", "--reflink=auto", original.string, (folder / "traces").string])
            try await body(pandacap, folder)
        }
    }

    private func sql(_ database: HostPath, _ query: String) async throws -> [String] {
        try await Tool("sqlite3").run([database.string, query]).split(separator: "\n").map(String.init)
    }

    @Test("processes, system calls and coverage of a trace in tables, made once")
    func presets() async throws {
        try await withCopy { pandacap, folder in
            let words = [
                "replay", "one", "--preset", "processes", "--preset", "syscalls", "--preset", "coverage",
            ]
            let output = try await pandacap(words + ["--preset", "files", "--name", "all"], in: folder)
            #expect(output.status == .exited(0), "\(output.standardError)")
            let analysis = folder / "traces/runs/one/analysis/all"
            let manifest = try #require(try AnalysisManifest.read(from: analysis))
            #expect(manifest.state == .finished)
            #expect(manifest.plugins.map(\.name) == ["asidstory", "syscalls_logger", "coverage"])
            #expect(manifest.plugins.allSatisfy { $0.sha256?.utf8.count == 64 })
            func table(_ name: String) throws -> [String] {
                try FileSystem.readText(analysis / "\(name).csv").split(separator: "\r\n").map(String.init)
            }
            for found in manifest.tables { #expect(try table(found.table.name).count == found.rows + 1) }
            #expect(try table("processes").contains { $0.contains("recorded-login") })
            #expect(try table("syscalls").contains { $0.contains(",openat,") && $0.contains("/etc/passwd") })
            #expect(try table("files").contains { $0.contains(",openat,/tmp/canary,filename,") })
            #expect(try table("blocks").contains { $0.hasPrefix("cat,") })
            #expect(try table("blocks").contains { $0.hasPrefix("(kernel),") })

            let again = try await pandacap(words + ["--preset", "files", "--name", "all"], in: folder)
            #expect(again.standardOutput.contains("analysed before"))
            #expect(try AnalysisManifest.read(from: analysis) == manifest)
            // Another argument is another analysis.
            let other = try await pandacap(
                "replay",
                "one",
                "--plugin",
                "coverage",
                "--name",
                "all",
                in: folder
            )
            #expect(other.status == .exited(0), "\(other.standardError)")
            #expect(try AnalysisManifest.read(from: analysis)?.key != manifest.key)

            #expect(!FileSystem.exists(analysis / "pandalog.plog"), "what an earlier one left is gone")

            let events = try await pandacap("replay", "one", "--preset", "events", in: folder)
            #expect(events.status == .exited(0), "\(events.standardError)")
            let programs = folder / "traces/runs/one/analysis/events/programs.csv"
            #expect(try FileSystem.readText(programs).contains("cat /etc/passwd"))
            let told = try await pandacap("trace", "events", "one", "--kind", "exec", in: folder)
            #expect(told.status == .exited(0) && told.standardOutput.contains("cat /etc/passwd"))
        }
    }

    @Test("two traces at once become one file of SQLite, and what is done is not done again after a kill")
    func killed() async throws {
        try await withCopy { pandacap, folder in
            let words = ["analyse", "traces", "--preset", "processes", "--preset", "syscalls"]
            // The second is to be cut short for certain.
            _ = try await pandacap.beside(words + ["--jobs", "1"], in: folder) { child in
                let manifest = folder / "traces/runs/one/analysis/processes-syscalls/manifest.json"
                _ = try await poll(for: .seconds(60), every: .milliseconds(5)) {
                    FileSystem.exists(manifest)
                        || FileSystem.exists(
                            folder / "traces/runs/two/analysis/processes-syscalls/manifest.json"
                        )
                        ? true : nil
                }
                child.signal(SIGKILL)
                _ = try await child.exit(within: .seconds(10))
            }
            func manifests() throws -> [AnalysisManifest] {
                try ["one", "two"].compactMap {
                    try AnalysisManifest.read(from: folder / "traces/runs/\($0)/analysis/processes-syscalls")
                }
            }
            let before = try manifests()
            #expect(before.count == 1)
            let output = try await pandacap(words + ["--jobs", "2"], in: folder)
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.contains("1 analysed, 1 analysed before"))
            let after = try manifests()
            let first = try #require(before.first)
            #expect(after.count == 2 && after.contains(first))
            for run in ["one", "two"] {
                let left = FileSystem.list(folder / "traces/runs/\(run)/analysis")
                #expect(left.filter { $0.hasSuffix(".new") }.isEmpty, "\(left)")
            }
            let database = folder / "traces/analyses/processes-syscalls/results.sqlite"
            #expect(
                try await sql(
                    database,
                    "SELECT run FROM syscalls WHERE arguments LIKE '%/etc/passwd%' LIMIT 1"
                ) == ["one"]
            )
            #expect(try await sql(database, "SELECT count(DISTINCT run) FROM processes") == ["2"])
            #expect(
                try await sql(database, "SELECT run, state FROM traces ORDER BY 1") == [
                    "one|finished", "two|finished",
                ]
            )
            #expect(
                try await sql(database, "SELECT count(*) FROM columns WHERE table_name = 'syscalls'") == [
                    "11"
                ]
            )
            let kept = try await pandacap(words, in: folder)
            #expect(kept.standardOutput.contains("2 analysed before"))
        }
    }

    @Test("a plugin that cannot be used says why, and what would help")
    func refused() async throws {
        try await withCopy { pandacap, folder in
            for (plugin, status, why, help) in [
                ("snake_hook", Int32(69), "libpython3.8.so.1.0: cannot open", "apt-file search libpython3.8"),
                ("network", 69, "libwiretap.so.10", "the preset 'network'"),
                ("tainted_mmio", 69, "undefined symbol", "another engine"),
                ("asid", 69, "has no plugin 'asid'", "asidstory"),
            ] {
                let output = try await pandacap("replay", "one", "--plugin", plugin, in: folder)
                #expect(output.status == .exited(status), "\(plugin)")
                #expect(output.standardError.contains(why), "\(output.standardError)")
                #expect(output.standardError.contains(help), "\(output.standardError)")
            }
            let stopped = try await pandacap("replay", "one", "--plugin", "textprinter", in: folder)
            #expect(stopped.status == .exited(80))
            #expect(stopped.standardOutput.contains("could not begin: Couldn't open tap_points.txt"))
            // It is no use to anybody as if it were whole.
            let manifest = try AnalysisManifest.read(from: folder / "traces/runs/one/analysis/textprinter")
            #expect(manifest?.state == .failed)

            try FileSystem.remove(folder / "traces/runs/two/kernelinfo.conf")
            let blind = try await pandacap("replay", "two", "--preset", "syscalls", in: folder)
            #expect(blind.status == .exited(69))
            #expect(blind.standardError.contains("has to know the guest's kernel"))
            let spaces = try await pandacap("replay", "two", "--preset", "coverage", in: folder)
            #expect(spaces.status == .exited(0), "\(spaces.standardError)")
        }
    }

    @Test("a dataset is analysed trace by trace, and leaves no recordings behind")
    func dataset() async throws {
        try await withCopy { pandacap, folder in
            let packed = try await pandacap(
                "dataset",
                "pack",
                "traces",
                "--run",
                "two",
                "--out",
                "set",
                in: folder
            )
            #expect(packed.status == .exited(0), "\(packed.standardError)")
            let words = ["analyse", "set", "--preset", "syscalls", "--out", "found"]
            let output = try await pandacap(words, in: folder)
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(
                try await sql(folder / "found/results.sqlite", "SELECT count(DISTINCT run) FROM syscalls")
                    == ["1"]
            )
            #expect(!FileSystem.exists(folder / "found/runs/two/rr"))
            #expect(FileSystem.list(folder / "found").filter { $0.hasPrefix(".scratch") }.isEmpty)
            let again = try await pandacap(words, in: folder)
            #expect(again.standardOutput.contains("1 analysed before"))
        }
    }

    @Test("Slurm analyses each run in a task of its own, and the tables are joined here")
    func slurm() async throws {
        try await withCopy { pandacap, folder in
            try await SlurmCluster.run(in: folder / "slurm") { cluster in
                var pandacap = pandacap
                pandacap.environment = cluster.environment
                let words = ["analyse", "traces", "--preset", "syscalls", "--executor", "slurm"]
                let output = try await pandacap(words, in: folder)
                #expect(output.status == .exited(0), "\(output.standardError)")
                #expect(output.standardError.contains("submitted 2 runs as the job array"))
                let database = folder / "traces/analyses/syscalls/results.sqlite"
                #expect(try await sql(database, "SELECT count(DISTINCT run) FROM syscalls") == ["2"])
                let again = try await pandacap(words, in: folder)
                #expect(again.status == .exited(0) && !again.standardError.contains("submitted"))
            }
        }
    }

    @Test("the notebook runs over results from its first cell to its last")
    func notebook() async throws {
        try await withCopy { pandacap, folder in
            let words = [
                "analyse", "traces", "--preset", "processes", "--preset", "syscalls", "--preset", "files",
            ]
            let output = try await pandacap(words + ["--out", "results"], in: folder)
            #expect(output.status == .exited(0), "\(output.standardError)")
            let root = try Installation.locate().root
            let libraries = root / ".build/validators/notebooks"
            let script = """
                import nbformat, nbclient
                notebook = nbformat.read("\(root / "docs/analysis.ipynb")", as_version=4)
                nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
                print(sum(len(cell.get("outputs", [])) for cell in notebook.cells))
                """
            let result = try await Tool("python3").output(
                ["-c", script],
                environment: [
                    "PYTHONPATH": libraries.string, "JUPYTER_PATH": (libraries / "share/jupyter").string,
                    "HOME": folder.string, "RESULTS": (folder / "results/results.sqlite").string,
                ],
                workingDirectory: folder
            )
            #expect(result.status == .exited(0), "\(result.standardError.suffix(3000))")
            #expect((Int(result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) >= 4)
        }
    }
}
