import Foundation
import HostSupport
import Testing

@Suite("Shells in containers", .serialized)
struct ContainerShellTests {
    @Test(
        "a shell is the right user's, in the right place, and gives its status",
        arguments: TestedRuntime.allCases
    )
    func shell(runtime: TestedRuntime) async throws {
        try await withContainers(runtime) { bench in
            try await bench.start("one")
            let id = try await runtime("inspect", "--format", "{{.Id}}", bench.name("one"))
            for (words, user) in [
                ([bench.name("one")], "root"), ([bench.name("one"), "--user", "panda"], "panda"),
                ([String(id.prefix(10)), "--user", "1000"], "panda"),
            ] {
                let output = try await Tool(Pandacap.program.string).output(
                    ["container", "shell"] + words,
                    environment: bench.pandacap.environment,
                    input: "id -un; pwd; echo $HOME; echo $0; exit 7\n"
                )
                let home = user == "root" ? "/root" : "/home/panda"
                #expect(
                    output.standardOutput == "\(user)\n/opt/panda/share/rr\n\(home)\nsh\n",
                    "\(output.standardError)"
                )
                #expect(output.status == .exited(7))
            }
            let command = try await bench.pandacap(
                "container",
                "shell",
                bench.name("one"),
                "--",
                "echo",
                "a  b",
                "$HOME",
                "-l"
            )
            #expect(command.standardOutput == "a  b $HOME -l\n")
            // What gives it a terminal.
            let line = shellLine([
                Pandacap.program.string, "container", "shell", bench.name("one"), "--", "tty",
            ])
            let terminal = try await Tool("script").output(
                ["-qec", line, "/dev/null"],
                environment: bench.pandacap.environment
            )
            #expect(terminal.standardOutput.contains("/dev/pts/"), "\(terminal)")
            #expect(
                try await bench.pandacap("container", "shell", bench.name("one"), "--", "tty").status
                    == .exited(1)
            )
        }
    }

    @Test("what cannot be is said clearly", arguments: TestedRuntime.allCases)
    func refusals(runtime: TestedRuntime) async throws {
        try await withContainers(runtime) { bench in
            try await bench.start("one")
            try await runtime("create", "--name", bench.name("made"), SmallImage.name)
            for (words, code, said) in [
                ([bench.name("one"), "--zsh"], Int32(69), "IMAGE_EXTRA_PACKAGES"),
                ([bench.name("one"), "--user", "nobody-there"], 66, "there is no user 'nobody-there'"),
                ([bench.name("made")], 69, "it is created"), ([bench.name("none")], 66, bench.name("one")),
                (["--", "-x"], 64, "name"), (["$(id)"], 66, "there is no container '$(id)'"),
                ([bench.name("one"), "--zsh", "--", "ls"], 64, "exclude"),
            ] {
                let output = try await bench.pandacap(["container", "shell"] + words)
                #expect(output.status == .exited(code), "\(words): \(output.standardError)")
                #expect(output.standardError.contains(said), "\(words): \(output.standardError)")
            }
            try await runtime("exec", bench.name("one"), "ln", "-s", "busybox", "/bin/zsh")
            let zsh = try await bench.pandacap("container", "shell", bench.name("one"), "--zsh")
            // Busybox has no such applet, and says so: it was called by that name.
            #expect(zsh.standardError.contains("zsh: applet not found"), "\(zsh)")
        }
    }

    @Test("ssh reaches the container, and a former one's key is forgotten", arguments: TestedRuntime.allCases)
    func ssh(runtime: TestedRuntime) async throws {
        try await withContainers(runtime) { bench in
            let key = bench.folder / "key"
            try await Tool("ssh-keygen").run(["-q", "-t", "ed25519", "-N", "", "-f", key.string])
            let publicKey = try FileSystem.readText(bench.folder / "key.pub")
            let setUp = """
                for home in /root /home/panda; do mkdir -m 700 $home/.ssh; echo "$1" >$home/.ssh/authorized_keys; done
                chown -R 1000:1000 /home/panda && mkdir -p /etc/dropbear && exec dropbear -F -E -R -p 22
                """
            func log(_ words: String...) async throws -> ToolOutput {
                try await bench.pandacap(
                    [
                        "container", "ssh", bench.name("one"), "-i", key.string, "-o",
                        "StrictHostKeyChecking=accept-new",
                    ]
                        + ["-o", "UserKnownHostsFile=\(bench.folder)/known", "-o", "HashKnownHosts=yes"]
                        + words
                )
            }
            try FileSystem.write("other.example ssh-ed25519 AAAA\n", to: bench.folder / "known")
            try await bench.start(
                "one",
                ["--init", "--publish", "127.0.0.1::22"],
                command: ["sh", "-c", setUp, "sh", publicKey]
            )
            let root = try await log("--", "sh", "-c", "id -un; pwd; echo 'a  b'; exit 5")
            #expect(root.standardOutput == "root\n/root\na  b\n", "\(root.standardError)")
            #expect(root.status == .exited(5))
            let panda = try await log("--user", "panda", "--", "id", "-un")
            #expect(panda.standardOutput == "panda\n", "\(panda.standardError)")

            // As if it was the next container with the same address.
            try await runtime("exec", bench.name("one"), "sh", "-c", "rm /etc/dropbear/*")
            let refused = try await log("--", "true")
            #expect(refused.status == .exited(255))
            #expect(refused.standardError.contains("REMOTE HOST IDENTIFICATION HAS CHANGED"), "\(refused)")
            #expect(refused.standardError.contains("forget-keys"))
            let forgotten = try await bench.pandacap(
                "container",
                "forget-keys",
                "--file",
                "\(bench.folder)/known"
            )
            #expect(forgotten.standardOutput.split(separator: "\n").count == 1, "\(forgotten)")
            #expect(try FileSystem.readText(bench.folder / "known") == "other.example ssh-ed25519 AAAA\n")
            #expect(try await log("--", "true").status == .exited(0))
            try await bench.start("two")
            let silent = try await bench.pandacap("container", "ssh", bench.name("two"))
            #expect(
                silent.status == .exited(69) && silent.standardError.contains("container-ssh"),
                "\(silent)"
            )
            try await bench.start("host", "--network", "host")
            let host = try await bench.pandacap("container", "ssh", bench.name("host"))
            #expect(host.status == .exited(69) && host.standardError.contains("shares the host's network"))
        }
    }
}
