import Foundation
import Glibc
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A campaign on this host", .serialized)
struct CampaignTests {
    private func file(_ name: String, _ rest: String) async throws -> String {
        "schema: 1\nname: \(name)\nimage: \(try await ResumedGuest.shared.name())\n\(rest)"
    }

    private func made(_ folder: HostPath, _ run: String) -> RunRecord? {
        try? RunRecord.read(from: RunFolder(folder / "traces/runs" / run))
    }

    @Test("makes each item once, with a seed of its own, and goes on only as it was begun")
    func whole() async throws {
        try await withLab { pandacap, folder in
            let text = try await file(
                "c",
                """
                seed: 9
                concurrency: 2
                workloads:
                  - {name: seed, command: [sh, -c, 'echo $PANDACAP_SEED; exit 3']}

                """
            )
            func run(_ text: String, _ options: String...) async throws -> ToolOutput {
                try FileSystem.write(text, to: folder / "c.yaml")
                return try await pandacap(["campaign", "run", "c.yaml"] + options, in: folder)
            }
            let preview = try await run(text + "repetitions: 2\n", "--dry-run")
            #expect(preview.status == .exited(0), "\(preview.standardError)")
            #expect(!FileSystem.exists(folder / "traces"))
            let first = try await run(text + "repetitions: 2\n")
            #expect(first.status == .exited(0), "\(first.standardError)")
            #expect(first.standardOutput.contains("2 of 2 verified"))
            #expect(first.standardOutput.contains("another status than 0 in 2 items"))
            var seeds: Set<UInt64> = []
            for number in 0..<2 {
                let record = try #require(made(folder, "c-000\(number)-a0"))
                #expect(record.state == .verified && record.origin?.kind == .campaign)
                #expect(record.origin?.number == number && record.origin?.attempt == 0)
                let seed = try #require(record.origin?.seed)
                let said = try FileSystem.readText(folder / "traces/runs/c-000\(number)-a0/stdout.log")
                #expect(said == "\(seed)\n")
                #expect(preview.standardOutput.contains("seed \(seed)"))
                seeds.insert(seed)
            }
            #expect(seeds.count == 2)
            let before = FileSystem.list(folder / "traces/runs")
            #expect(try await run(text + "repetitions: 2\nretries: 3\n").status == .exited(0))
            #expect(FileSystem.list(folder / "traces/runs") == before)
            let other = try await run(text.replacing("exit 3", with: "exit 4") + "repetitions: 2\n")
            #expect(other.status == .exited(78))
            #expect(other.standardError.contains("the workload 'seed' differs"))
            let longer = try await run(text + "repetitions: 3\n")
            #expect(longer.status == .exited(78) && longer.standardError.contains("--extend"))
            #expect(FileSystem.list(folder / "traces/runs") == before)
            let extended = try await run(text + "repetitions: 3\n", "--extend", "--json")
            #expect(extended.status == .exited(0), "\(extended.standardError)")
            #expect(FileSystem.list(folder / "traces/runs") == before + ["c-0002-a0"])
        }
    }

    @Test("killed or interrupted in the middle, it goes on where it stopped")
    func interruptions() async throws {
        try await withLab { pandacap, folder in
            let text = try await file(
                "c",
                """
                retries: 0
                concurrency: 1
                repetitions: 2
                workloads: [{name: work, command: [sleep, '2']}]

                """
            )
            try FileSystem.write(text, to: folder / "c.yaml")
            func end(at run: String, by signal: Int32, _ command: String) async throws
                -> HostSupport.ExitStatus
            {
                try await pandacap.beside(["campaign", command, "c.yaml"], in: folder) { child in
                    let isOpen = try await poll(for: .seconds(60), every: .milliseconds(20)) {
                        made(folder, run)?.state == .recording ? true : nil
                    }
                    #expect(isOpen == true, "\(words(of: folder))")
                    child.signal(signal)
                    _ = try await child.exit(within: .seconds(60))
                }.status
            }
            _ = try await end(at: "c-0000-a0", by: SIGKILL, "run")
            #expect(try await end(at: "c-0000-a1", by: SIGINT, "resume") == .exited(130))
            #expect(made(folder, "c-0000-a1")?.ending == "interrupted")
            let status = try await pandacap("campaign", "status", "c", in: folder)
            #expect(status.status == .exited(75) && status.standardOutput.contains("2 pending"))
            let resumed = try await pandacap("campaign", "resume", in: folder)
            #expect(resumed.status == .exited(0), "\(resumed.standardError)")
            #expect(
                FileSystem.list(folder / "traces/runs") == [
                    "c-0000-a0", "c-0000-a1", "c-0000-a2", "c-0001-a0",
                ]
            )
            // What was cut short is kept: the engine closed it when its process died.
            #expect(made(folder, "c-0000-a0").map { $0.recordings.count } == 1)
            #expect(made(folder, "c-0000-a2")?.state == .verified)
        }
    }

    @Test("runs each sample with its bundle, replays what was only recorded, and tries again what failed")
    func samples() async throws {
        try await withLab { pandacap, folder in
            for name in ["s", "bad/scripts"] { try FileSystem.createDirectory(folder / name) }
            for name in ["one", "two"] {
                try FileSystem.write("#!/bin/sh\necho I am \(name)\n", to: folder / "s" / name, mode: 0o755)
            }
            try FileSystem.write("#!/bin/sh\nexit 9\n", to: folder / "bad/scripts/vm_10_fail.sh", mode: 0o755)
            try FileSystem.write("#!/bin/sh\n", to: folder / "bad/workload.sh", mode: 0o755)
            try FileSystem.write(
                try await file(
                    "c",
                    """
                    set: {SAMPLE_USER: root}
                    workloads:
                      - {name: files, samples: s}
                      - {name: broken, bundle: ./bad}

                    """
                ),
                to: folder / "c.yaml"
            )
            let output = try await pandacap("campaign", "run", "c.yaml", "--json", in: folder)
            #expect(output.status == .exited(76), "\(output.standardError)")
            for (number, name) in ["one", "two"].enumerated() {
                let run = "c-000\(number)-a0"
                #expect(made(folder, run)?.state == .verified)
                #expect(made(folder, run)?.bundle?.added.keys.contains(name) == true)
                let said = try FileSystem.readText(folder / "traces/runs" / run / "stdout.log")
                #expect(said == "I am \(name)\n")
                let seed = try #require(made(folder, run)?.origin?.seed)
                #expect(made(folder, run)?.bundle?.settings["SEED"] == "\(seed)")
            }
            #expect(
                made(folder, "c-0002-a1")?.reason?.contains("10_fail.sh ended with status 9") == true
            )
            #expect(FileSystem.list(folder / "traces/runs").count == 4)
            // As a crash between recording and replay would have left it.
            let run = RunFolder(folder / "traces/runs/c-0001-a0")
            let text = try FileSystem.readText(run.record)
            try FileSystem.write(
                text.replacing("\"state\" : \"verified\"", with: "\"state\" : \"recorded\""),
                to: run.record
            )
            let resumed = try await pandacap("campaign", "resume", in: folder)
            #expect(resumed.status == .exited(76), "\(resumed.standardError)")
            #expect(try RunRecord.read(from: run).state == .verified)
            #expect(FileSystem.list(folder / "traces/runs").count == 4, "nothing is made anew")
        }
    }
}
