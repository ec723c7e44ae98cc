import HostSupport
import TestSupport
import Testing

/// `bootstrap/bootstrap.sh`, run on this host by both of the shells that guests have.
@Suite("bootstrap.sh", .serialized)
struct BootstrapScriptTests {
    /// With bash, and as in a guest that has none.
    static let shells = [["bash"], ["dash"]]

    private func run(
        _ scripts: [String: String],
        env: String? = nil,
        workload: String? = nil,
        with shell: [String],
        environment: [String: String] = [:],
        body: (HostPath, ToolOutput) throws -> Void
    ) async throws {
        try await withScratch { scratch in
            let folder = scratch / "the 'vm' side"
            try FileSystem.createDirectory(folder / "scripts")
            try FileSystem.createDirectory(folder / "files")
            try FileSystem.copy(
                try Installation.locate().bootstrap / "bootstrap.sh",
                to: folder / "bootstrap.sh"
            )
            for (name, text) in scripts {
                try FileSystem.write(text, to: folder / "scripts/\(name)", mode: 0o755)
            }
            if let env { try FileSystem.write(env, to: folder / "bootstrap.env") }
            if let workload { try FileSystem.write(workload, to: folder / "workload.sh") }
            // A folder of programs without bash, where the shell is another.
            let programs = scratch / "programs"
            try FileSystem.createDirectory(programs)
            let names = [
                "sh", "cat", "chmod", "cp", "dirname", "mkdir", "mktemp", "rm", "rmdir", "env", "printf",
            ]
            for name in names {
                let program = try #require(Tool(name == "sh" ? "dash" : name).path)
                try await Tool("ln").run(["-s", program.string, (programs / name).string])
            }
            let path = shell[0] == "bash" ? [:] : ["PATH": programs.string]
            let output = try await Tool(shell[0] == "bash" ? "bash" : "dash").output(
                [(folder / "bootstrap.sh").string],
                environment: path.merging(environment) { $1 }
            )
            try body(folder, output)
        }
    }

    @Test("scripts are run in order, and each tells how it ended", arguments: shells)
    func order(shell: [String]) async throws {
        let scripts = [
            "20_b.sh": "#!/bin/sh\necho b", "10_a.sh": "#!/bin/sh\necho a", "x.sh": "#!/bin/sh\necho x",
            "30 c.sh": "#!/bin/sh\necho c",
        ]
        try await run(scripts, with: shell) { _, output in
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(
                output.standardOutput
                    == "a\nbootstrap.sh: 10_a.sh: status 0\nb\nbootstrap.sh: 20_b.sh: status 0\n"
                    + "c\nbootstrap.sh: 30 c.sh: status 0\n"
            )
        }
    }

    @Test("the first that fails is the last, and is named", arguments: shells)
    func failure(shell: [String]) async throws {
        let scripts = ["10_a.sh": "#!/bin/sh\nexit 7\n", "20_b.sh": "#!/bin/sh\necho b\n"]
        try await run(scripts, workload: "#!/bin/sh\n", with: shell) { _, output in
            #expect(output.status == .exited(7))
            #expect(output.standardOutput == "bootstrap.sh: 10_a.sh: status 7\n")
            #expect(output.standardError.contains("10_a.sh ended with status 7; nothing after it was run"))
        }
    }

    @Test("scripts see the names that the original exported, and what bootstrap.env sets", arguments: shells)
    func environment(shell: [String]) async throws {
        let script = """
            #!/bin/sh
            msg "say %s and %s" "one word" two
            err plain
            echo "$BOOTSTRAP_DIR|$BOOTSTRAP_SCRIPTS_DIR|$BOOTSTRAP_FILES_DIR|$BOOTSTRAP_ENV|$VM_USER|$OTHER"
            """
        try await run(
            ["10_a.sh": script],
            env: "export VM_USER='a b'\nexport OTHER=c\nUNSET=$NOTHING\n",
            with: shell
        ) { folder, output in
            let names = ["", "/scripts", "/files", "/bootstrap.env"].map { "\(folder)\($0)" }
            #expect(output.standardOutput.hasPrefix((names + ["a b", "c"]).joined(separator: "|") + "\n"))
            #expect(output.standardError == "10_a.sh: say one word and two\n10_a.sh: error: plain\n")
        }
    }

    @Test("scripts of bash have msg as a function, with bash's formats")
    func functions() async throws {
        try await run(["10_a.sh": "#!/bin/bash\nmsg %q 'a b'\n"], with: ["bash"]) { _, output in
            #expect(output.standardError == "10_a.sh: a\\ b\n")
        }
    }

    @Test("with BOOTSTRAP_CLEAN=y the folder goes, but never out of a work tree of git", arguments: shells)
    func clean(shell: [String]) async throws {
        let scripts = ["10_a.sh": "#!/bin/sh\n"]
        try await run(scripts, with: shell, environment: ["BOOTSTRAP_CLEAN": "y"]) { folder, output in
            #expect(output.status == .exited(0))
            #expect(!FileSystem.exists(folder))
        }
        try await run(scripts, env: "BOOTSTRAP_CLEAN=y\n", with: shell) { folder, _ in
            #expect(!FileSystem.exists(folder))
        }
        try await run(scripts, with: shell) { folder, _ in #expect(FileSystem.exists(folder)) }
        let git = ["10_a.sh": "#!/bin/sh\nmkdir \"$BOOTSTRAP_DIR/../.git\"\n"]
        try await run(git, with: shell, environment: ["BOOTSTRAP_CLEAN": "y"]) { folder, output in
            #expect(FileSystem.exists(folder / "scripts"))
            #expect(output.standardError.contains("is in a git work tree"))
        }
    }
}
