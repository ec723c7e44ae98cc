import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("The Makefile", .serialized)
struct MakefileTests {
    /// Runs make in the source tree with a program in the place of pandacap, if one is named.
    private static func make(
        _ words: [String],
        program: HostPath = Pandacap.program,
        environment: [String: String] = [:]
    ) async throws -> ToolOutput {
        try await Tool("make").output(
            ["--no-print-directory", "-C", try Installation.locate().root.string, "PANDACAP=\(program)"]
                + words,
            environment: environment
        )
    }

    @Test("each short form is the call that it stands for, and a name stays one word")
    func words() async throws {
        try await withScratch { folder in
            let program = folder / "program"
            try FileSystem.write("#!/bin/sh\nprintf '<%s>' \"$@\"\n", to: program)
            try FileSystem.setMode(program, 0o755)
            for (target, call) in [
                ("lsimg", "<container><images>"), ("lscont", "<container><list>"),
                ("lsaddr", "<container><addresses>"), ("ctest", "<container><test>"),
                ("clean-docker", "<container><prune>"), ("clean-ssh", "<container><forget-keys>"),
            ] {
                let output = try await Self.make([target], program: program)
                #expect(output.standardOutput == call, "\(output.standardError)")
            }
            let names = [
                "web", "a b", "it's", "'; touch \(folder.name) #", "$(touch x)", "$HOME", "`id`", "\"x\"",
                "%", "\\", "a\\'",
                "#", "${shell id}", "|&;<>(){}[]*?~!", "é",
            ]
            let user = "the 'user' \"x\""
            for name in names {
                for (prefix, before, after) in [
                    ("sh", "shell", ""), ("ush", "shell", "<--user><\(user)>"), ("zsh", "shell", "<--zsh>"),
                    ("ssh", "ssh", ""), ("ussh", "ssh", "<--user><\(user)>"), ("ctest", "test", ""),
                ] {
                    let output = try await Self.make(
                        ["\(prefix)-\(name)", "DOCKER_USER=\(user)"],
                        program: program
                    )
                    #expect(
                        output.standardOutput == "<container><\(before)><\(name)>\(after)",
                        "\(output.standardError)"
                    )
                }
            }
            // Make takes what follows a line feed for another command.
            let feed = try await Self.make(["sh-a\ntouch x"], program: program)
            #expect(feed.standardOutput == "<container><shell><a touch x>")
            #expect(!FileSystem.exists(try Installation.locate().root / "x"))
        }
    }

    @Test("alone it builds the image, and help has the original's targets in its groups")
    func help() async throws {
        let plan = try await Tool("make").run(["-n", "-C", try Installation.locate().root.string])
        #expect(
            plan.contains("swift build") && plan.hasSuffix("container build\n")
                || plan.contains("container build\n")
        )
        let help = try await Self.make(["help"]).standardOutput
        let groups = help.components(separatedBy: "\n\n").map { $0.split(separator: "\n").map(String.init) }
        func targets(_ title: String) -> [String] {
            (groups.first { $0.first?.hasPrefix(title) == true } ?? []).dropFirst()
                .compactMap { $0.split(separator: " ").first.map(String.init) }
        }
        #expect(targets("Image creation and cleanup") == ["build", "clean-docker", "clean-files"])
        #expect(targets("Image/container information") == ["lsimg", "lscont", "lsaddr"])
        #expect(
            targets("Shell utilities") == [
                "sh-NAME", "ush-NAME", "zsh-NAME", "ssh-NAME", "ussh-NAME", "ctest", "ctest-NAME",
                "clean-ssh",
            ]
        )
        #expect(targets("Help") == ["help"] && help.contains("DOCKER_USER"))
        // To list containers takes nothing but the program.
        for target in ["lsimg", "lscont", "lsaddr", "sh-x"] {
            let plan = try await Self.make(["-n", target]).standardOutput
            #expect(plan.split(separator: "\n").count == 1 && !plan.contains("swift"), "\(plan)")
        }
    }

    @Test("its targets reach real containers", arguments: TestedRuntime.allCases)
    func containers(runtime: TestedRuntime) async throws {
        try await withContainers(runtime) { bench in
            let environment = bench.pandacap.environment.merging(["IMAGE_NAME": SmallImage.name]) { $1 }
            try await bench.start("one")
            for (target, said) in [
                ("lsimg", "pandacap-small"), ("lscont", bench.name("one")), ("lsaddr", bench.name("one")),
            ] {
                let output = try await Self.make([target], environment: environment)
                #expect(output.status == .exited(0) && output.standardOutput.contains(said), "\(output)")
            }
            for (target, user) in [("sh", "root"), ("ush", "panda")] {
                let output = try await Tool("make").output(
                    ["-s", "-C", try Installation.locate().root.string, "PANDACAP=\(Pandacap.program)"]
                        + ["\(target)-\(bench.name("one"))"],
                    environment: environment,
                    input: "id -un; pwd\n"
                )
                #expect(output.standardOutput == "\(user)\n/opt/panda/share/rr\n", "\(output.standardError)")
            }
            let trial = try await Self.make(
                ["ctest-\(bench.name("two"))", "RUNTIME_BOOTSTRAP="],
                environment: environment.merging(["PANDACAP_HOME": bench.pandacap.home.string]) { $1 }
            )
            #expect(trial.status == .exited(0), "\(trial.standardError)")
            #expect(try await bench.ask("container", "inspect", bench.name("two")).status != .exited(0))
            let missing = try await Self.make(["zsh-\(bench.name("one"))"], environment: environment)
            #expect(missing.status == .exited(2) && missing.standardError.contains("IMAGE_EXTRA_PACKAGES"))
        }
    }
}
