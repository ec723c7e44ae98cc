import HostSupport
import RunRecords
import Testing

@testable import Capture

@Suite struct AgentChannelTests {
    /// Lets a channel speak with an agent that has said `script` beforehand.
    private func withAgent<Result>(
        saying script: String,
        body: (AgentChannel, UnixConnection) async throws -> Result
    ) async throws -> Result {
        let (host, guest) = try connectedPair()
        try await guest.write(Array(script.utf8))
        return try await body(AgentChannel(connection: host), guest)
    }

    private func handOver(toAgentSaying script: String) async throws -> RunRecord.Bootstrap {
        try await withAgent(saying: script) { channel, _ in
            try await channel.handOver([1, 2, 3], within: .milliseconds(100))
        }
    }

    @Test func aReadyAgentIsHandedTheArchive() async throws {
        try await withAgent(saying: "boot\n\npandacap-agent 2 ready\r\n") { channel, guest in
            #expect(try await channel.waitUntilReady(within: .seconds(5)))
            try await guest.write(
                Array("| one\n|\n| \u{1B}[2Jtwo\r\n| \u{9B}three\nnoise\ndone x\ndone -1\n".utf8)
            )
            let bootstrap = try await channel.handOver([0, 10, 255], within: .seconds(5))
            #expect(guest.readAvailable() == Array("bootstrap 3\n".utf8) + [0, 10, 255])
            #expect(bootstrap == .init(status: -1, output: ["one", "?[2Jtwo", "?three"]))
        }
    }

    @Test func anAgentThatIsThereIsGreetedAndHandedMoreThanOnce() async throws {
        try await withAgent(saying: "pandacap-agent 2 ready\ndone 0\ndone 1\n") { channel, guest in
            let isThere = try await channel.greet(within: .seconds(5))
            let first = try await channel.handOver([1], as: .prepare, within: .seconds(5))
            let second = try await channel.handOver([2], within: .seconds(5))
            #expect(isThere && first.status == 0 && second.status == 1)
            #expect(
                guest.readAvailable() == Array("hello\nprepare 1\n".utf8) + [1] + Array("bootstrap 1\n".utf8)
                    + [2]
            )
        }
    }

    @Test func aLargeArchiveWaitsForASlowGuest() async throws {
        let (host, guest) = try connectedPair()
        let channel = AgentChannel(connection: host)
        let archive = [UInt8](repeating: 7, count: 3 << 20)
        async let bootstrap = channel.handOver(archive, within: .seconds(60))
        var received = 0
        while received < archive.count + "bootstrap 3145728\n".utf8.count {
            received += guest.readAvailable()?.count ?? 0
            try await Task.sleep(for: .milliseconds(1))
        }
        try await guest.write(Array("done 0\n".utf8))
        #expect(try await bootstrap.status == 0)
    }

    @Test func linesMayComeInPieces() async throws {
        try await withAgent(saying: "pandacap-ag") { channel, guest in
            #expect(try await channel.waitUntilReady(within: .milliseconds(30)) == false)
            try await guest.write(Array("ent 2 rea".utf8))
            #expect(try await channel.waitUntilReady(within: .milliseconds(30)) == false)
            try await guest.write(Array("dy\n| x\ndone 7".utf8))
            #expect(try await channel.waitUntilReady(within: .seconds(5)))
            try await guest.write([10])
            #expect(try await channel.handOver([], within: .seconds(5)) == .init(status: 7, output: ["x"]))
        }
    }

    @Test(arguments: ["pandacap-agent 1 ready", "pandacap-agent 2 ready now", "pandacap-agent \u{1B}c"])
    func anotherProtocolIsRefused(_ line: String) async throws {
        let failure = await #expect(throws: Failure.self) {
            try await withAgent(saying: line + "\n") { channel, _ in
                try await channel.waitUntilReady(within: .seconds(5))
            }
        }
        #expect(failure?.code == .guest)
        #expect(failure?.message.contains("\u{1B}") == false)
        #expect(failure?.hint?.contains("image build") == true)
    }

    @Test func anErrorIsTold() async {
        let failure = await #expect(throws: Failure.self) {
            try await handOver(toAgentSaying: "| a\nerror no room\u{07}\n")
        }
        #expect(failure?.message == "the guest's agent refused the bootstrap: no room?")
    }

    @Test(arguments: ["", "| a\n", "done\n", "done 99999999999\n", "DONE 0\n", "done 0"])
    func whatDoesNotEndInTimeHasNoStatus(_ script: String) async throws {
        let said = try await handOver(toAgentSaying: script)
        #expect(said == RunRecord.Bootstrap(status: nil, output: script.hasPrefix("|") ? ["a"] : []))
    }

    @Test func anEndlessLineIsRefused() async {
        let failure = await #expect(throws: Failure.self) {
            try await handOver(toAgentSaying: String(repeating: "x", count: 9000))
        }
        #expect(failure?.message.contains("more than 4096 bytes") == true)
    }

    @Test func aFloodIsCutAndItsEndIsHeard() async throws {
        let flood = String(repeating: "| x\n", count: 2500)
        let bootstrap = try await handOver(toAgentSaying: flood + "done 0\n")
        #expect(bootstrap.status == 0 && bootstrap.output.count == 2000)
    }

    @Test func garbageIsPassedOver() async throws {
        let (host, guest) = try connectedPair()
        try await guest.write(
            [0xFF, 0xFE, 0x00, 0x0A] + Array("| ".utf8) + [0xC3, 0x0A] + Array("done 3\n".utf8)
        )
        let channel = AgentChannel(connection: host)
        let bootstrap = try await channel.handOver([], within: .seconds(5))
        #expect(bootstrap == .init(status: 3, output: ["\u{FFFD}"]))
    }

    @Test func anAgentThatGoesIsMissed() async throws {
        let (host, guest) = try connectedPair()
        guest.shutdown()
        let channel = AgentChannel(connection: host)
        let failure = await #expect(throws: Failure.self) {
            try await channel.waitUntilReady(within: .seconds(5))
        }
        #expect(failure?.message == "the guest's agent is gone")
        await #expect(throws: Failure.self) { try await channel.handOver([1], within: .seconds(5)) }
    }
}
