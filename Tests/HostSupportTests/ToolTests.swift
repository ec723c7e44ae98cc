import Foundation
import HostSupport
import TestSupport
import Testing

@Suite struct ToolTests {
    @Test func aMissingProgramIsNamedWithItsPackage() async {
        let tool = Tool("pandacap-no-such-program", package: "nothing-utils")
        let failure = await #expect(throws: Failure.self) { try await tool.run([]) }
        #expect(failure?.code == .unavailable)
        #expect(failure?.message.contains("pandacap-no-such-program") == true)
        #expect(failure?.hint?.contains("nothing-utils") == true)
        #expect(Tool("/etc/passwd").path == nil, "not executable")
        #expect(Tool("/etc").path == nil, "a folder")
    }

    @Test func statusOutputAndErrorsAreToldApart() async throws {
        let output = try await Tool("sh").output(["-c", "echo out; echo err >&2; exit 3"])
        #expect(output.status == .exited(3))
        #expect(output.standardOutput == "out\n")
        #expect(output.standardError == "err\n")
    }

    @Test func aFailingRunTellsCommandStatusAndLastWords() async {
        let failure = await #expect(throws: Failure.self) {
            try await Tool("sh").run(["-c", "seq 1 30 >&2; exit 7"])
        }
        let lines = failure?.message.split(separator: "\n") ?? []
        #expect(lines.first == "sh -c 'seq 1 30 >&2; exit 7' exited with status 7:")
        #expect(lines.dropFirst().first == "  11" && lines.last == "  30")
    }

    @Test func aSignalIsNamed() async throws {
        let output = try await Tool("sh").output(["-c", "kill -KILL $$"])
        #expect(output.status == .signalled(9))
        #expect(output.status.shellCode == 137)
        #expect("\(output.status)" == "was ended by SIGKILL")
        #expect("\(HostSupport.ExitStatus.signalled(64))" == "was ended by signal 64")
    }

    @Test func inputEnvironmentAndFolderReachTheProgram() async throws {
        try await withScratch { folder in
            let text = try await Tool("sh").run(
                ["-c", #"cat; echo "$PANDACAP_TEST"; pwd"#],
                environment: ["PANDACAP_TEST": "a b"],
                workingDirectory: folder,
                input: "in\n"
            )
            #expect(text == "in\na b\n\(try #require(FileSystem.resolved(folder)))\n")
            await #expect(throws: Failure.self) {
                try await Tool("true").run([], workingDirectory: folder / "none")
            }
        }
    }

    @Test func aProgramThatFloodsIsStopped() async {
        let failure = await #expect(throws: Failure.self) {
            try await Tool("yes").output([], limit: 1000)
        }
        #expect(failure?.message.contains("/yes") == true)
    }

    @Test func exitStatusesSurviveJSON() throws {
        let statuses: [HostSupport.ExitStatus] = [.exited(0), .exited(255), .signalled(6)]
        let data = try JSONText.encode(statuses)
        #expect(try JSONText.decode([HostSupport.ExitStatus].self, from: data, source: "x") == statuses)
    }

    @Test func aFilterPassesBytesOnAsTheyAre() async throws {
        var random = SeededGenerator(seed: 3)
        let bytes = Data((0..<300_000).map { _ in UInt8.random(in: 0...255, using: &random) })
        #expect(try await Tool("cat").filter([], input: bytes, limit: bytes.count) == bytes)
        #expect(try await Tool("cat").filter([], input: Data(), limit: 1) == Data())
    }

    @Test func aFilterThatFailsOrWritesTooMuchIsNamed() async {
        let failure = await #expect(throws: Failure.self) {
            try await Tool("sh").filter(["-c", "echo broken >&2; exit 2"], input: Data(), limit: 100)
        }
        #expect(failure?.message == "sh -c 'echo broken >&2; exit 2' exited with status 2: broken")
        let endless = await #expect(throws: Failure.self) {
            try await Tool("yes").filter([], input: Data(), limit: 1000)
        }
        #expect(endless?.code == .system)
        let missing = await #expect(throws: Failure.self) {
            try await Tool("pandacap-no-such-program").filter([], input: Data(), limit: 1)
        }
        #expect(missing?.code == .unavailable)
    }
}
