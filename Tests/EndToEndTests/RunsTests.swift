import Foundation
import Glibc
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("The runs of a collection", .serialized)
struct RunsTests {
    private struct Listed: Decodable {
        struct Run: Decodable {
            let id: String
            let state: String
            let peers: Int?
        }

        let runs: [Run]
    }

    private func list(_ pandacap: Pandacap, _ collection: HostPath, _ words: [String] = []) async throws
        -> [String: String]
    {
        let output = try await pandacap(["runs", "-o", collection.string, "--json"] + words)
        #expect(output.status == .exited(0), "\(output.standardError)")
        let listed = try JSONText.decode(Listed.self, from: Data(output.standardOutput.utf8), source: "runs")
        return listed.runs.reduce(into: [:]) { $0[$1.id] = $1.state }
    }

    @Test(
        "a run is listed, found by what is known of it, shown with its peers, followed, and removed when asked"
    )
    func commands() async throws {
        try await withLab { pandacap, folder in
            let traces = folder / "traces"
            try FileSystem.createDirectory(traces / "runs")
            let image = try await ResumedGuest.shared.name()
            let (_, status) = try await pandacap.beside(
                ["runs", "follow", "--json", "-o", traces.string],
                in: folder
            ) { child in
                _ = try await poll(for: .seconds(10)) { words(of: folder).contains("following") ? true : nil }
                let output = try await pandacap(
                    "record",
                    image,
                    "-q",
                    "-o",
                    traces.string,
                    "--run-id",
                    "one",
                    "--",
                    "sleep",
                    "3"
                )
                #expect(output.status == .exited(0), "\(output.standardError)")
                _ = try await poll(for: .seconds(10)) {
                    try FileSystem.readText(folder / "stdout.txt").contains("\"verified\"") ? true : nil
                }
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(10))
            }
            #expect(status == .exited(0))
            let lines = try FileSystem.readText(folder / "stdout.txt").split(separator: "\n")
            let numbers = try lines.map { line in
                let change = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(change?["id"] as? String == "one")
                return try #require(change?["number"] as? Int)
            }
            #expect(numbers.count >= 2 && numbers == numbers.sorted())

            #expect(try await list(pandacap, traces) == ["one": "verified"])
            #expect(
                try await list(pandacap, traces, ["--peer", "10.0.2.2", "--text", "SSH-2.0-OpenSSH"]).count
                    == 1
            )
            #expect(try await list(pandacap, traces, ["--text", "root", "--since", "5m"]).count == 1)
            #expect(try await list(pandacap, traces, ["--peer", "10.0.2.3"]).isEmpty)
            #expect(try await list(pandacap, traces, ["--since", "2099-01-01"]).isEmpty)
            let shown = try await pandacap("runs", "show", "one", "-o", traces.string)
            #expect(shown.standardOutput.contains("10.0.2.2:") && shown.standardOutput.contains("root"))
            // The probes that waited for the ssh server are no visitors.
            let peers = try #require(try RunPeers.read(from: RunFolder(traces / "runs/one")))
            #expect(peers.peers.count == 1 && peers.problem == nil)

            #expect(try await pandacap("runs", "gc", "-o", traces.string).status == .exited(64))
            for words in [["--older-than", "0s"], ["--state", "verified", "--keep-newest", "1"]] {
                let kept = try await pandacap(["runs", "gc", "-o", traces.string] + words)
                #expect(kept.standardOutput == "nothing to remove\n", "\(kept.standardError)")
            }
            let plan = try await pandacap(
                "runs",
                "gc",
                "-o",
                traces.string,
                "--state",
                "verified",
                "--dry-run"
            )
            #expect(
                plan.standardOutput.contains("would remove one")
                    && FileSystem.exists(traces / "runs/one/run.json")
            )
            let gone = try await pandacap(
                "runs",
                "gc",
                "-o",
                traces.string,
                "--max-size",
                "1K",
                "--state",
                "verified"
            )
            #expect(gone.standardOutput.contains("removed one"), "\(gone.standardError)")
            #expect(FileSystem.list(traces / "runs").isEmpty)
            #expect(try await list(pandacap, traces).isEmpty)
        }
    }

    /// Begins to record, and does something to it when a recording is open.
    private func recording(
        _ id: String,
        _ pandacap: Pandacap,
        in folder: HostPath,
        body: @Sendable (ChildProcess, RunFolder) async throws -> Void
    ) async throws {
        let own = folder / id
        try FileSystem.createDirectory(own)
        let run = RunFolder(folder / "traces/runs" / id)
        _ = try await pandacap.beside(
            [
                "record", try await ResumedGuest.shared.name(), "-o", (folder / "traces").string, "--run-id",
                id,
                "--", "sleep", "60",
            ],
            in: own
        ) { child in
            let isOpen = try await poll(for: .seconds(60)) {
                (try? RunRecord.read(from: run))?.state == .recording ? true : nil
            }
            #expect(isOpen == true, "\(words(of: own))")
            try await Task.sleep(for: .milliseconds(500))
            try await body(child, run)
        }
    }

    /// Takes an engine from all that minds it.
    private func abandon(_ child: ChildProcess, _ run: RunFolder) async throws {
        for name in FileSystem.list("/proc") {
            guard let process = Int32(name),
                FileSystem.resolved(HostPath("/proc/\(name)/cwd")) == FileSystem.resolved(run.recordings),
                FileSystem.resolved(HostPath("/proc/\(name)/exe"))?.name == "panda-guard"
            else { continue }
            kill(process, SIGKILL)
        }
        child.signal(SIGKILL)
        _ = try await child.exit(within: .seconds(10))
    }

    @Test(
        "after any death everything is put right by one command: ended, salvaged, marked, and nothing is thrown away"
    )
    func reconcile() async throws {
        try await withLab { pandacap, folder in
            let traces = folder / "traces"
            @Sendable func reconcile(_ words: String...) async throws -> [String: Set<String>] {
                let output = try await pandacap(["runs", "reconcile", "-o", traces.string, "--json"] + words)
                #expect(output.status == .exited(0), "\(output.standardError)")
                let report = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8))
                let findings = (report as? [String: Any])?["findings"] as? [[String: String]] ?? []
                return findings.reduce(into: [:]) {
                    $0[$1["subject"] ?? "", default: []].insert($1["deed"] ?? "")
                }
            }
            try await withThrowingTaskGroup { group in
                group.addTask {
                    try await recording("abandoned", pandacap, in: folder) { try await abandon($0, $1) }
                }
                group.addTask {
                    try await recording("killed", pandacap, in: folder) { child, run in
                        for engine in try await enginesOfRun(run) { kill(engine, SIGKILL) }
                        child.signal(SIGKILL)
                        _ = try await child.exit(within: .seconds(10))
                    }
                }
                try await group.waitForAll()
            }
            try FileSystem.copy(traces / "runs/killed", to: traces / "runs/damaged")
            try FileSystem.write("{", to: traces / "runs/damaged/run.json")
            try FileSystem.write("x", to: traces / "runs/notes.txt")
            let before = FileSystem.list(traces / "runs/damaged")
            let abandoned = RunFolder(traces / "runs/abandoned")
            #expect(try await enginesOfRun(abandoned).count == 1)
            let planned = try await reconcile("--dry-run")
            #expect(planned["abandoned"]?.contains("engine-ended") == true, "\(planned)")
            #expect(try await enginesOfRun(abandoned).count == 1)
            #expect(try RunRecord.read(from: abandoned).state == .recording)

            // Beside a run that goes on, which is left alone.
            try await recording("live", pandacap, in: folder) { child, run in
                let done = try await reconcile("--verify")
                #expect(done["abandoned"] == ["engine-ended", "recorded"], "\(done)")
                #expect(done["killed"] == ["failed", "salvaged"])
                #expect(done["damaged"] == ["damaged"])
                #expect(done["live"] == nil)
                #expect(try RunRecord.read(from: run).state == .recording)
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(try await enginesOfRun(abandoned).isEmpty)
            #expect(
                try await list(pandacap, traces)
                    == [
                        "abandoned": "verified", "killed": "failed", "damaged": "damaged", "live": "verified",
                    ]
            )
            let killed = try RunRecord.read(from: RunFolder(traces / "runs/killed"))
            #expect(killed.recordings.map(\.name) == ["session_000", "session_000-salvaged"])
            #expect(killed.recordings.last?.verification?.verdict == .replayed)
            #expect(Set(FileSystem.list(traces / "runs/damaged")).isSuperset(of: before))
            #expect(FileSystem.exists(traces / "runs/notes.txt"))
            // There is nothing left to do, and what is final is not looked into again.
            #expect(try await reconcile().keys.allSatisfy { $0.hasPrefix("/") })
        }
    }

    @Test("a container that outlived its capture is ended, and its recording closed")
    func container() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            let run = RunFolder(folder / "t/runs/one")
            _ = try await pandacap.beside(
                [
                    "record", try await ResumedGuest.shared.name(), "--engine", "container:\(image)", "-o",
                    (folder / "t").string, "--run-id", "one", "--", "sleep", "60",
                ],
                in: folder
            ) { child in
                try await waitForRecording(folder / "t")
                try await Task.sleep(for: .milliseconds(500))
                // Nothing in it sees that the capture is gone.
                try await TestedRuntime.docker("pause", "\(image)-one")
                child.signal(SIGKILL)
                _ = try await child.exit(within: .seconds(10))
            }
            let output = try await pandacap("runs", "reconcile", "--verify", "-o", (folder / "t").string)
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.contains("container-ended: one"), "\(output.standardOutput)")
            #expect(try RunRecord.read(from: run).state == .verified)
            #expect(
                try await !TestedRuntime.docker("ps", "-a", "--format", "{{.Names}}").contains("\(image)-one")
            )
        }
    }

    @Test("a full disk and a read-only collection hinder no look at the runs")
    func readOnly() async throws {
        try await withSmallDisk(megabytes: 8) { disk in
            let pandacap = try await Lab.shared.ready()
            for name in ["a", "b"] {
                let run = RunFolder(disk / "runs" / name)
                try FileSystem.createDirectory(run.path)
                try plannedRecord(name).write(to: run)
            }
            func mount(_ option: String) async throws {
                try await Tool("mount", package: "mount").run(["-o", "remount,\(option)", disk.string])
            }
            let both = ["a": "planned", "b": "planned"]
            try await mount("ro")
            #expect(try await list(pandacap, disk) == both)
            try await mount("rw")
            #expect(try await list(pandacap, disk) == both)
            #expect(FileSystem.exists(disk / "catalog.sqlite"))
            // Until not a byte is left.
            _ = try? await Tool("dd", package: "coreutils").run([
                "if=/dev/zero", "of=\(disk)/filler", "bs=64k",
            ])
            _ = try? await Tool("dd", package: "coreutils").run(["if=/dev/zero", "of=\(disk)/rest", "bs=512"])
            #expect(try await list(pandacap, disk) == both)
            try await mount("ro")
            #expect(try await list(pandacap, disk) == both)
            let rebuilt = try await pandacap("catalog", "rebuild", "-o", disk.string)
            #expect(rebuilt.status != .exited(0))
        }
    }
}
