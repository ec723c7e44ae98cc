import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("The host begins and ends a recording of a guest that knows nothing of it", .serialized)
struct HostTriggerTests {
    /// A run that is visited over ssh by somebody who cannot log in.
    private func run(_ options: [String], _ folder: HostPath, _ pandacap: Pandacap) async throws -> RunRecord
    {
        let port = try HostPort.choose()
        let traces = folder / "traces"
        let image = try await ResumedGuest.shared.name()
        let (_, status) = try await pandacap.beside(
            ["record", image, "--port-fwd", "ssh:\(port)", "-o", traces.string] + options,
            in: folder
        ) { child in
            let isReady = try await poll(for: .seconds(60)) { () -> Bool? in
                if let status = child.status {
                    throw Failure(.internal, "pandacap \(status): \(words(of: folder))")
                }
                return words(of: folder).contains("waiting for") ? true : nil
            }
            #expect(isReady == true)
            _ = try await HostPort.banner(port: port, within: .seconds(10))
            _ = try await Visitor(port: port).run("ssh", "true")
            _ = try await child.exit(within: .seconds(60))
        }
        #expect(status == .exited(0), "\(words(of: folder))")
        return try onlyRun(in: traces).record
    }

    @Test("from the first connection until all are closed, and it replays")
    func connection() async throws {
        try await withLab { pandacap, folder in
            let record = try await run(["--on-connection", "-r", "2"], folder, pandacap)
            #expect(record.state == .verified && record.trigger == .connection && record.ending == "finished")
            #expect(record.recordings.map(\.name) == ["session_000", "session_001"])
            #expect(record.connections == 2)
            let trace = folder / "traces/runs/\(record.id)/rr/session_001"
            let packets = try await pandacap("trace", "pcap", trace.string, "--json")
            #expect(packets.status == .exited(0), "\(packets.standardError)")
        }
    }

    @Test("between two texts on its console, and it replays")
    func serial() async throws {
        try await withLab { pandacap, folder in
            let record = try await run(
                [
                    "--on-serial", "Child connection from", "--until-serial", "Exit before auth", "--name",
                    "knock",
                ],
                folder,
                pandacap
            )
            #expect(record.state == .verified && record.trigger == .serial)
            #expect(record.recordings.map(\.name) == ["knock_000"])
        }
    }
}
