import Foundation
import Glibc
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A campaign on a cluster", .serialized)
struct SlurmCampaignTests {
    private func file(_ name: String, _ repetitions: Int, _ command: String) async throws -> String {
        """
        schema: 1
        name: \(name)
        image: \(try await ResumedGuest.shared.name())
        repetitions: \(repetitions)
        retries: 0
        workloads:
          - {name: work, command: [sh, -c, '\(command)']}
        """
    }

    private func made(_ folder: HostPath, _ run: String) -> RunRecord? {
        try? RunRecord.read(from: RunFolder(folder / "traces/runs" / run))
    }

    @Test("24 captures on three nodes, one of which dies half-way: 24 verified traces")
    func nodeDies() async throws {
        try await withLab { pandacap, folder in
            try FileSystem.write(
                try await file("c", 24, "sleep 0.5; echo $PANDACAP_SEED"),
                to: folder / "c.yaml"
            )
            try await SlurmCluster.run(in: folder / "slurm") { cluster in
                var pandacap = pandacap
                pandacap.environment = cluster.environment
                let (killed, status) = try await pandacap.beside(
                    ["campaign", "run", "c.yaml", "--executor", "slurm"],
                    in: folder
                ) { child in
                    let killed = try await poll(for: .seconds(120), every: .milliseconds(20)) {
                        () -> String? in
                        let done = (0..<24).count { item in
                            made(folder, Self.run(item))?.state == .verified
                        }
                        guard done >= 8, let item = try await cluster.tasks(on: "n3").first,
                            made(folder, Self.run(item))?.state == .recording
                        else { return nil }
                        try cluster.kill("n3")
                        return Self.run(item)
                    }
                    _ = try await child.exit(within: .seconds(180))
                    return killed
                }
                #expect(status == .exited(0), "\(words(of: folder))")
                let victim = try #require(killed)
                let item = try #require(Int(victim.dropFirst(2).prefix(4)))
                #expect(made(folder, victim)?.ending == nil, "nobody saw its end")
                #expect(made(folder, Self.run(item, attempt: 1))?.state == .verified)
                for item in 0..<24 where Self.run(item) != victim {
                    let found = made(folder, Self.run(item))
                    #expect(found?.state == .verified && found?.origin?.number == item)
                }
                #expect(FileSystem.list(folder / "traces/runs").count == 25)
                let status2 = try await pandacap("campaign", "status", "c.yaml", in: folder)
                #expect(status2.status == .exited(0))
                #expect(status2.standardOutput.contains("24 of 24 verified"))
            }
        }
    }

    @Test("whoever waits for the cluster is killed: resume waits for the same job, and loses nothing")
    func submitterDies() async throws {
        try await withLab { pandacap, folder in
            try FileSystem.write(try await file("d", 5, "sleep 1"), to: folder / "d.yaml")
            try await SlurmCluster.run(in: folder / "slurm") { cluster in
                var pandacap = pandacap
                pandacap.environment = cluster.environment
                let local = folder / "node's own"
                _ = try await pandacap.beside(
                    [
                        "campaign", "run", "d.yaml", "--executor", "slurm", "--node-local", local.string,
                        "--array-throttle", "2",
                    ],
                    in: folder
                ) { child in
                    let isBegun = try await poll(for: .seconds(60)) {
                        made(folder, "d-0000-a0")?.state == .verified ? true : nil
                    }
                    #expect(isBegun == true, "\(words(of: folder))")
                    child.signal(SIGKILL)
                    _ = try await child.exit(within: .seconds(10))
                }
                let meanwhile = try await pandacap("campaign", "status", "d.yaml", in: folder)
                #expect(meanwhile.status == .exited(75))
                let resumed = try await pandacap("campaign", "resume", "d.yaml", "--json", in: folder)
                #expect(resumed.status == .exited(0), "\(resumed.standardError)")
                #expect(resumed.standardError.contains("of the items already; waiting for these"))
                #expect(!resumed.standardError.contains("submitted"), "\(resumed.standardError)")
                #expect(
                    FileSystem.list(folder / "traces/runs") == (0..<5).map { "d-000\($0)-a0" },
                    "each was made once"
                )
                #expect((0..<5).allSatisfy { made(folder, "d-000\($0)-a0")?.state == .verified })
                // Runs were made on the node and moved; they replay where they are.
                let left = FileSystem.list(local).flatMap { FileSystem.list(local / $0 / "runs") }
                #expect(left.isEmpty)
                let replay = try await pandacap("replay", (folder / "traces/runs/d-0004-a0").string)
                #expect(replay.status == .exited(0), "\(replay.standardError)")
            }
        }
    }

    private static func run(_ item: Int, attempt: Int = 0) -> String {
        "c-00\(item < 10 ? "0" : "")\(item)-a\(attempt)"
    }
}
