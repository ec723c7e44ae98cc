import Fleets
import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A fleet keeps guests alive", .serialized)
struct FleetTests {
    @Test("each visit is a verified trace, the slot is ready again, and nothing is left when it was drained")
    func visits() async throws {
        let metrics = try HostPort.choose()
        try await withFleet(slots: 2, "metricsPort: \(metrics)") { fleet in
            let (numbers, status) = try await fleet.up { child in
                for round in 1...2 {
                    for slot in 0...1 {
                        let visit = try await fleet.visit(slot, "echo \(round)\(slot); uname -r")
                        #expect(visit.status == .exited(0), "\(visit.standardError)")
                        #expect(visit.standardOutput.hasPrefix("\(round)\(slot)\n"))
                        try await fleet.wait("the run is collected") {
                            $0.totals.recordings == 2 * round - 1 + slot
                        }
                    }
                }
                try await fleet.wait("all is ready and replayed") { status in
                    status.slots.allSatisfy { $0.state == .ready } && status.totals.verified == 4
                }
                let numbers = try await Tool("curl").run(["-fsS", "http://127.0.0.1:\(metrics)/metrics"])
                let again = try await fleet.pandacap("fleet", "up", fleet.file.string)
                #expect(again.status == .exited(69))
                #expect(again.standardError.contains("the fleet 'trial' is running already"))
                let shown = try await fleet.pandacap("fleet", "status", fleet.file.string)
                #expect(shown.status == .exited(0), "\(shown.standardError)")
                #expect(shown.standardOutput.contains("4 verified, 0 diverged"), "\(shown.standardOutput)")
                #expect(shown.standardOutput.contains("kept within bounds by Landlock"))
                let drained = try await fleet.pandacap("fleet", "drain", fleet.file.string)
                #expect(drained.status == .exited(0), "\(drained.standardError)")
                _ = try await child.exit(within: .seconds(30))
                return numbers
            }
            #expect(status == .exited(0), "\(words(of: fleet.folder))")
            #expect(numbers.contains("pandacap_recordings_total{fleet=\"trial\"} 4"), "\(numbers)")
            #expect(numbers.contains("pandacap_verdicts_total{fleet=\"trial\",verdict=\"verified\"} 4"))
            let records = fleet.records
            #expect(records.map(\.state) == Array(repeating: .verified, count: 4))
            #expect(records.allSatisfy { $0.origin?.kind == .fleet && $0.origin?.name == "trial" })
            #expect(Set(records.compactMap(\.origin?.number)) == [0, 1])
            #expect(records.allSatisfy { $0.connections == 1 && $0.ending == "finished" })
            #expect(try await fleet.engines().isEmpty)
            let down = try await fleet.pandacap("fleet", "status", fleet.file.string)
            #expect(down.status == .exited(69) && down.standardOutput.contains("not running"))
        }
    }

    @Test("SIGTERM ends a recording that is open properly; a second one leaves the replay to the next start")
    func signals() async throws {
        try await withFleet(slots: 1) { fleet in
            let (_, status) = try await fleet.up { child in
                let port = try await fleet.port(of: 0)
                async let visit = fleet.visit(port: port, "sleep 60")
                try await fleet.wait("it is recorded") { $0.slots[0].state == .recording }
                child.signal(SIGTERM)
                try await Task.sleep(for: .milliseconds(300))
                child.signal(SIGTERM)
                _ = try await child.exit(within: .seconds(30))
                _ = try await visit
            }
            #expect(status == .exited(0), "\(words(of: fleet.folder))")
            let record = try #require(fleet.records.first)
            #expect(
                record.state == .recorded && record.ending == "interrupted",
                "\(record.state) \(record.ending ?? "")"
            )
            #expect(record.recordings.map(\.structure) == [.complete])
            let (_, second) = try await fleet.up { child in
                let isProven: Bool? = try await poll(for: .seconds(20), every: .milliseconds(50)) {
                    fleet.records.contains { $0.state == .verified } ? true : nil
                }
                #expect(isProven == true, "\(words(of: fleet.folder))")
                child.signal(SIGTERM)
                _ = try await child.exit(within: .seconds(30))
            }
            #expect(second == .exited(0), "\(words(of: fleet.folder))")
            // The guest that nobody visited left nothing.
            #expect(fleet.records.map(\.state) == [.verified])
        }
    }

    @Test(
        "an engine that is killed costs its own recording: the slot goes on, and the run says what happened"
    )
    func engineIsKilled() async throws {
        try await withFleet(slots: 1, "starts: {pause: 0.1s}") { fleet in
            let (_, status) = try await fleet.up { child in
                let port = try await fleet.port(of: 0)
                async let visit = fleet.visit(port: port, "sleep 60")
                try await fleet.wait("it is recorded") { $0.slots[0].state == .recording }
                let run = try #require(FileSystem.list(fleet.collection / "runs").first)
                for engine in try await enginesOfRun(RunFolder(fleet.collection / "runs/\(run)")) {
                    kill(engine, SIGKILL)
                }
                _ = try await visit
                try await fleet.wait("the slot is ready again") {
                    $0.slots[0].state == .ready && $0.slots[0].run != run
                }
                _ = try await fleet.visit(0, "true")
                try await fleet.wait("the next is verified") { $0.totals.verified == 1 }
                #expect(fleet.status?.totals.failures == ["engine-died": 1])
                child.signal(SIGTERM)
                _ = try await child.exit(within: .seconds(30))
            }
            #expect(status == .exited(0), "\(words(of: fleet.folder))")
            #expect(fleet.records.map(\.state) == [.failed, .verified])
        }
    }

    @Test(
        "fifty slots of a stand-in: all are visited, replayed and drained; guests that do not start open the breaker"
    )
    func standIn() async throws {
        try await withScratch { folder in
            let pandacap = try await StandIn.home(in: folder / "home")
            let engine = try StandIn.engine(in: folder / "engine")
            func write(_ lines: String) throws -> HostPath {
                let file = folder / "fleet.yaml"
                let text = """
                    schema: 1
                    name: trial
                    image: fake
                    \(lines)
                    starts: {stagger: 0s, pause: 0.1s, longestPause: 0.1s, breaker: 4}
                    budget: {reserve: 64M, memory: 1T}

                    """
                try FileSystem.write(text, to: file)
                return file
            }
            func run(_ fake: [String: String], _ file: HostPath, until holds: (FleetStatus) -> Bool)
                async throws
                -> FleetStatus
            {
                var program = pandacap
                program.environment = try await fake.merging(StandIn.libraries) { $1 }
                let (_, status) = try await program.beside(
                    ["fleet", "up", file.string, "--engine", engine.string],
                    in: folder
                ) { child in
                    let place = FleetFolder(collection: folder / "traces", name: "trial")
                    let reached = try await poll(for: .seconds(60), every: .milliseconds(100)) {
                        (try? FleetStatus.read(from: place)).map(holds) == true ? true : nil
                    }
                    #expect(reached == true, "\(words(of: folder))")
                    child.signal(SIGTERM)
                    _ = try await child.exit(within: .seconds(30))
                }
                #expect(status == .exited(0), "\(words(of: folder))")
                return try FleetStatus.read(from: FleetFolder(collection: folder / "traces", name: "trial"))
            }
            let broken = try await run(["PANDA_FAKE_FAIL": "start"], write("slots: 2")) {
                $0.breakerOpenUntil != nil
            }
            #expect(broken.totals.runs >= 4 && broken.totals.recordings == 0)
            let last = try await run(
                ["PANDA_FAKE_VISIT": "2", "PANDA_FAKE_LENGTH": "0.2"],
                write("slots: 50")
            ) { $0.totals.verified >= 60 }
            #expect(last.totals.diverged == 0 && last.totals.failures.isEmpty, "\(last.totals)")
            #expect(last.totals.verified == last.totals.recordings)
        }
    }
}
