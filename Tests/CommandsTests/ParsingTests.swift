import ArgumentParser
import HostSupport
import RunRecords
import Testing

@testable import Commands

@Suite struct ParsingTests {
    /// What a command line comes to, as a command of the kind that is expected.
    private func parse<Command: ParsableCommand>(_ line: [String], as kind: Command.Type = Command.self)
        throws -> Command
    {
        try #require(try Root.parseAsRoot(line) as? Command)
    }

    @Test func recordHasSafeDefaults() throws {
        let record: RecordCommand = try parse(["record", "tiny", "--", "sh", "-c", "id; ls -l", "--login"])
        #expect(record.image == "tiny" && record.command == ["sh", "-c", "id; ls -l", "--login"])
        #expect(!record.login && !record.guestTriggered && !record.noVerify && !record.dryRun)
        #expect(record.recording.collection == "traces" && record.recording.name == "session")
        #expect(record.recording.recordings == 1 && record.recording.runID == nil)
        #expect(record.recording.timeout == nil && record.recording.reserve == .mebibytes(256))
        #expect(record.machine.memory == nil && !record.machine.egress && !record.machine.unconfined)
        #expect(record.machine.portForward.isEmpty && record.machine.plugin.isEmpty)
        #expect(record.engine.engine == nil && !record.global.json)
    }

    @Test func recordTakesAllItsOptions() throws {
        let record: RecordCommand = try parse([
            "record", "tiny", "--login", "-o", "out", "--run-id", "r1", "--name", "n", "-r", "3", "--timeout",
            "30m",
            "--ready-timeout", "90", "--reserve", "1G", "-m", "128M", "--port-fwd", "ssh:0", "--port-fwd",
            "80:8080:*",
            "--egress", "--plugin", "a:b=c", "--engine-arg", "-smp", "--engine-arg", "1", "--unconfined",
            "--no-verify", "--dry-run", "--engine", "managed", "--json", "-v",
        ])
        #expect(record.login && record.recording.collection == "out" && record.recording.runID == "r1")
        #expect(record.recording.name == "n" && record.recording.recordings == 3)
        #expect(record.recording.timeout?.duration == .seconds(1800))
        #expect(record.recording.readyTimeout?.duration == .seconds(90))
        #expect(record.recording.reserve == .mebibytes(1024) && record.machine.memory == .mebibytes(128))
        #expect(record.machine.portForward.map(\.description) == ["22:0:l:tcp", "80:8080:*:tcp"])
        #expect(record.machine.plugin == ["a:b=c"] && record.machine.engineArgument == ["-smp", "1"])
        #expect(record.machine.egress && record.machine.unconfined && record.noVerify && record.dryRun)
        #expect(record.engine.engine == "managed" && record.global.json)
        #expect(record.global.console.verbosity == .verbose)
    }

    @Test func theOthersTakeTheirs() throws {
        let replay: ReplayCommand = try parse([
            "replay", "r1", "--plugin", "x", "--output", "p", "-o", "c", "-m", "64M", "--engine", "/e",
            "--dry-run", "-q",
        ])
        #expect(
            replay.trace == "r1" && replay.analysis.plugin == ["x"] && replay.output == "p"
                && replay.collection == "c"
        )
        #expect(replay.memory == .mebibytes(64) && replay.engine.engine == "/e" && replay.dryRun)
        #expect(replay.global.console.verbosity == .quiet)
        let build: ImageBuildCommand = try parse([
            "image", "build", "./x.yaml", "--arch", "i386", "--name", "mine",
        ])
        #expect(build.recipe == "./x.yaml" && build.architecture == .i386 && build.name == "mine")
        #expect(try parse(["image", "show", "tiny"], as: ImageShowCommand.self).name == "tiny")
        #expect(try parse(["image", "remove", "tiny"], as: ImageRemoveCommand.self).name == "tiny")
        #expect(try parse(["image", "list", "--json"], as: ImageListCommand.self).global.json)
        #expect(try parse(["engine", "install", "--force"], as: EngineInstallCommand.self).force)
        #expect(try parse(["engine", "list"], as: EngineListCommand.self).global.json == false)
        let show: EngineShowCommand = try parse(["engine", "show", "--arch", "arm", "--engine", "managed"])
        #expect(show.architecture == .arm && show.selection.engine == "managed")
    }

    @Test(arguments: [
        (["record"], "image"), (["record", "tiny"], "--login"), (["record", "tiny", "uname"], "after '--'"),
        (["record", "tiny", "--"], "name a command"),
        (["record", "tiny", "--login", "--", "true"], "takes no command"),
        (["record", "tiny", "--login", "--guest-triggered"], "exclude each other"),
        (["record", "tiny", "-r", "0", "--", "true"], "1 or more"),
        (["record", "tiny", "-r", "x", "--", "true"], "x"),
        (["record", "tiny", "-m", "lots", "--", "true"], "lots"),
        (["record", "tiny", "-m", "-1", "--", "true"], ""),
        (["record", "tiny", "--timeout", "1y", "--", "true"], "1y"),
        (["record", "tiny", "--nonsense", "--", "true"], "--nonsense"),
        (["replay"], "trace"), (["replay", "a", "b"], "b"), (["replay", "a", "-m", "x"], "x"),
        (["image", "build"], "recipe"), (["image", "build", "tiny", "--arch", "z80"], "z80"),
        (["image", "show"], "name"), (["image", "remove"], "name"), (["image", "list", "x"], "x"),
        (["engine", "show", "--arch", ""], ""), (["engine", "install", "now"], "now"), (["fly"], "fly"),
    ])
    func whatIsWrongIsRefusedAsUsage(_ line: [String], _ words: String) throws {
        let error = #expect(throws: (any Error).self) { try Root.parseAsRoot(line) }
        let refusal = try #require(error)
        #expect(Root.exitCode(for: refusal).rawValue == Failure.Code.usage.exitCode)
        #expect(Root.fullMessage(for: refusal).contains(words), "\(Root.fullMessage(for: refusal))")
    }

    @Test func everyCommandThatDoesSomethingHasAnExample() {
        func leaves(_ kind: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
            let below = kind.configuration.subcommands
            return below.isEmpty ? [kind] : below.flatMap(leaves)
        }
        let commands = leaves(Root.self)
        #expect(commands.count >= 10)
        for command in commands {
            let help = Root.helpMessage(for: command)
            let usage = help.firstMatch(of: /USAGE: (pandacap [a-z ]*[a-z])/)?.1 ?? "?"
            #expect(help.contains("$ \(usage)"), "\(help)")
        }
    }
}
