import Glibc
import HostSupport
import PandaEngine
import TestSupport
import Testing

/// The program that every engine is started with, started with others.
@Suite struct BoundaryTests {
    private func run(_ arguments: [String]) async throws -> ToolOutput {
        try await Tool(try Launcher.boundary.located().string).output(arguments)
    }

    @Test func itStartsAProgramInAFolderWithItsInputs() async throws {
        try await withScratch { folder in
            try FileSystem.write("state", to: folder / "a b")
            let real = try #require(FileSystem.resolved(folder))
            let output = try await run([
                "--input", "9=\(folder)/a b", "--folder", folder.string, "sh", "-c", "pwd; cat <&9; exit 3",
            ])
            #expect(output.standardOutput == "\(real)\nstate" && output.status == .exited(3))
        }
    }

    @Test(arguments: [
        (["--input", "2=/etc/passwd", "true"], Int32(64), "FD=PATH"),
        (["--input", "9=/nowhere", "true"], 69, "No such file"),
        (["--folder", "/nowhere", "true"], 69, "start in"),
        (["--user", "root", "true"], 64, "UID:GID"), (["--user", "1:2:x", "true"], 64, "UID:GID"),
        (["--lifeline", "4194305", "true"], 64, "cannot watch"),
        (["--lifeline-socket", "/nowhere/socket", "true"], 64, "cannot watch"),
        (["--lifeline-socket", String(repeating: "x", count: 200), "true"], 64, "too long"),
        (["nosuch-program"], 127, "cannot run nosuch-program"), (["/etc/passwd"], 126, "cannot run"),
        (["--bind", "0", "true"], 64, "no port"), (["--connect", "65536", "true"], 64, "no port"),
        (["--connect", "http", "true"], 64, "no port"),
        (["--readable", "/nowhere", "true"], 69, "No such file"),
        (["--calls", "all", "true"], 64, "no such value"), (["--limit", "memory", "true"], 64, "no limit"),
        (["--limit", "memory=-1", "true"], 64, "no limit"),
        (["--limit", "memory=1k", "true"], 64, "no limit"),
        (["--limit", "processes=1", "true"], 64, "no limit"),
        ([], 64, "usage"),
        (["--writable"], 64, "usage"),
    ])
    func whatCannotBeDoneIsSaid(_ arguments: [String], _ code: Int32, _ words: String) async throws {
        let output = try await run(arguments)
        #expect(output.status == .exited(code))
        #expect(output.standardError.contains(words), "\(output.standardError)")
    }

    @Test func theProgramGetsSIGTERMWhenNobodyListensAnyMore() async throws {
        try await withScratch { folder in
            var listener: UnixListener? = try UnixListener(folder / "lifeline")
            let command = LaunchCommand(
                executable: try Launcher.boundary.located(),
                arguments: [
                    "--lifeline-socket", "\(folder)/lifeline", "sh", "-c",
                    "trap 'echo ended; exit 7' TERM; echo begun; while :; do sleep 0.1; done",
                ],
                workingDirectory: folder
            )
            let (_, status) = try await ChildProcess.run(command, log: folder / "log") { child in
                _ = try await poll(for: .seconds(20)) {
                    try FileSystem.readText(folder / "log").contains("begun") ? true : nil
                }
                #expect(child.status == nil)
                withExtendedLifetime(listener) {}
                listener = nil
                _ = try await child.exit(within: .seconds(20))
            }
            #expect(status == .exited(7))
            #expect(try FileSystem.readText(folder / "log") == "begun\nended\n")
        }
    }

    @Test func whoMayNotReadHearsNoSecretsOfTheEnvironment() async throws {
        let environment = [
            "SECRET_TOKEN": "s", "PATHS": "s", "LC_ALL": "C", "PANDACAP_RECORDINGS": "1", "DISPLAY": ":1",
            "HOMER": "s",
        ]
        let guardian = Tool(try Launcher.boundary.located().string)
        let confined = try await guardian.output(["--readable", "/usr/bin", "env"], environment: environment)
        let names = Set(
            confined.standardOutput.split(separator: "\n").map { String($0.prefix { $0 != "=" }) }
        )
        #expect(
            names.isSuperset(of: ["PATH", "LC_ALL", "PANDACAP_RECORDINGS", "DISPLAY"]),
            "\(confined.standardError)"
        )
        #expect(names.isDisjoint(with: ["SECRET_TOKEN", "PATHS", "HOMER"]))
        let open = try await guardian.output(["env"], environment: environment)
        #expect(open.standardOutput.contains("SECRET_TOKEN=s"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root can become somebody else"))
    func rootBecomesSomebodyElseForGood() async throws {
        let output = try await run([
            "--user", "1234:5678:9", "sh", "-c", "id -u; id -G; grep CapEff /proc/self/status",
        ])
        #expect(output.standardOutput == "1234\n5678 9\nCapEff:\t0000000000000000\n")
    }
}
