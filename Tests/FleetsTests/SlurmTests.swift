import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Fleets

@Suite("What is told to Slurm, and what Slurm tells")
struct SlurmTests {
    private static let file = """
        schema: 1
        name: c
        image: tiny
        retries: 1
        repetitions: 6
        workloads: [{name: x, command: [ls]}]
        """

    private func plan() throws -> CampaignPlan {
        try CampaignPlan(try CampaignFile.parse(Self.file, source: ""), in: "/srv")
    }

    @Test("lists of tasks are as short as can be, and are read as they are written")
    func lists() {
        #expect(IndexList.text([3, 1, 2, 7, 9, 10, 2]) == "1-3,7,9-10")
        #expect(IndexList.text([Int]()).isEmpty)
        #expect(IndexList.numbers("0-8:4,20%3") == [0, 4, 8, 20])
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<500 {
            let count = Int.random(in: 1...60, using: &generator)
            let numbers = Set((0..<count).map { _ in Int.random(in: 0...80, using: &generator) })
            let text = IndexList.text(numbers)
            #expect(IndexList.numbers(text) == numbers)
            // However it is damaged, it is read as a list or not at all.
            var bytes = Array(text.utf8)
            bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0x20...0x7E)
            _ = IndexList.numbers(String(decoding: bytes, as: UTF8.self))
        }
        for text in ["", "a", "1-", "-1", "3-1", "1,,2", "1:2", "1-2:0", "99999999", "0-9999999", "1 2"] {
            #expect(IndexList.numbers(text) == nil, "\(text)")
        }
    }

    @Test("what its programs print is read, and what is none of it is left out")
    func answers() {
        #expect(SlurmClient.jobNumber("42\n") == 42)
        #expect(SlurmClient.jobNumber("sbatch: a remark\n42;cluster\n") == 42)
        for text in ["", "Submitted batch job 42", "-1", "99999999999999999999"] {
            #expect(SlurmClient.jobNumber(text) == nil)
        }
        let config = "MaxArrayTasks = 3\nMaxArraySize            = 1001\nMaxDBDMsgs = 20\n"
        #expect(SlurmClient.maximumArraySize(config) == 1001)
        #expect(SlurmClient.maximumArraySize("MaxArraySize = many") == nil)
        let lines = "13|4|RUNNING|pandacap:0:/a|b\n13|5-7%2|PENDING|pandacap:0:/a|b\n13|N/A|RUNNING|x\nnone\n"
        #expect(
            SlurmClient.tasks(lines) == [
                .init(job: 13, numbers: [4], isRunning: true, comment: "pandacap:0:/a|b"),
                .init(job: 13, numbers: [5, 6, 7], isRunning: false, comment: "pandacap:0:/a|b"),
            ]
        )
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            _ = SlurmClient.tasks(generator.nastyText() + "|" + generator.nastyText())
            _ = SlurmClient.maximumArraySize(config + generator.nastyText())
        }
    }

    @Test("items are split into arrays whose tasks have numbers that Slurm takes")
    func arrays() {
        let arrays = SlurmExecutor.arrays([0, 1, 9, 10, 25, 39, 40], size: 10)
        #expect(arrays.map(\.base) == [0, 10, 20, 30, 40])
        #expect(arrays.map(\.tasks) == [[0, 1, 9], [0], [5], [9], [0]])
        let many = SlurmExecutor.arrays(Array(0..<2500), size: 1001)
        #expect(many.map { IndexList.text($0.tasks) } == ["0-1000", "0-1000", "0-497"])
    }

    @Test("the script makes the item of its task, however paths and values are spelt")
    func script() async throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<12 {
            try await withScratch { scratch in
                let name = generator.nastyText().replacing("/", with: "_").replacing("\0", with: "")
                let folder = CampaignFolder(scratch / "x\(name)x")
                try FileSystem.createDirectory(folder.path)
                let program = folder.path / "show"
                try FileSystem.write(
                    "#!/bin/sh\nprintf '%s\\0' \"$VALUE\" \"$@\"\n",
                    to: program,
                    mode: 0o755
                )
                var settings = SlurmSettings(program: program)
                settings.nodeLocal = HostPath("/scratch \(name)")
                settings.environment = ["VALUE": name]
                settings.throttle = 4
                settings.arguments = ["--account=\(name)"]
                settings.itemArguments = ["--engine", name]
                let script = BatchScript(campaign: try plan(), folder: folder, settings: settings)
                let output = try await Tool("sh").output(
                    ["-c", script.text, "batch.sh", "2000"],
                    environment: ["SLURM_ARRAY_TASK_ID": "17"]
                )
                #expect(output.status == .exited(0), "\(output.standardError)")
                #expect(
                    output.standardOutput.components(separatedBy: "\0").dropLast() == [
                        name, "campaign", "item", folder.path.string, "--node-local",
                        "\(HostPath("/scratch \(name)"))", "--engine", name, "2017",
                    ]
                )
                #expect(script.base(script.comment(base: 2000)) == 2000)
                let arguments = script.arguments(base: 2000, tasks: "1-3")
                #expect(arguments.contains("--array=1-3%4") && arguments.contains("--requeue"))
                #expect(arguments.suffix(3) == ["--account=\(name)", folder.script.string, "2000"])
            }
        }
        let script = BatchScript(
            campaign: try plan(),
            folder: CampaignFolder("/a"),
            settings: SlurmSettings(program: "/p")
        )
        for comment in ["", "pandacap:0:/b", "pandacap:x:/a", "pandacap:-1:/a", "other:0:/a"] {
            #expect(script.base(comment) == nil)
        }
    }

    @Test("items that Slurm lost are submitted again, as often as they may be tried and once more")
    func lost() async throws {
        try await withScratch { scratch in
            let folder = CampaignFolder(collection: scratch, name: "c")
            var watch = SlurmWatch(try plan(), in: folder)
            #expect(watch.open == Set(0..<6))
            watch.submitted(watch.open)
            // It may have ended a moment ago.
            #expect(watch.lost(live: [1, 2, 3, 4, 5]).retried.isEmpty)
            #expect(watch.lost(live: [1, 2, 3, 4, 5]).retried.isEmpty)
            #expect(watch.lost(live: Set(0..<6)).retried.isEmpty)
            for _ in 0..<2 { #expect(watch.lost(live: [1, 2, 3, 4, 5]).retried.isEmpty) }
            #expect(watch.lost(live: [1, 2, 3, 4, 5]).retried == [0])
            watch.submitted([0])
            for _ in 0..<2 { #expect(watch.lost(live: [1, 2, 3, 4, 5]).retried.isEmpty) }
            #expect(watch.lost(live: [1, 2, 3, 4, 5]).retried == [0])
            watch.submitted([0])
            for _ in 0..<2 { _ = watch.lost(live: [1, 2, 3, 4, 5]) }
            let last = watch.lost(live: [1, 2, 3, 4, 5])
            #expect(last.givenUp == [0] && last.retried.isEmpty)
            #expect(watch.open == [1, 2, 3, 4, 5] && watch.problems[0]?.contains("/logs") == true)
        }
    }
}
