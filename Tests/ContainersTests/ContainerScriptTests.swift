import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

/// `container/my_init` and `container/setuser`, run on this host.
@Suite("The scripts of containers", .serialized)
struct ContainerScriptTests {
    private func script(_ name: String) throws -> String {
        (try Installation.locate().containerFiles / name).string
    }

    /// Runs a command as the first process of a namespace of processes.
    private func asFirst(_ words: [String]) async throws -> ToolOutput {
        try await Tool("unshare").output(
            ["--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc"] + words
        )
    }

    @Test("my_init hands the command's status on, as the first process and below another")
    func status() async throws {
        let command = [try script("my_init"), "--", "sh", "-c", "exit 7"]
        #expect(try await asFirst(command).status == .exited(7))
        #expect(try await Tool(command[0]).output(Array(command.dropFirst())).status == .exited(7))
        let unknown = try await Tool(command[0]).output(["--nonsense"])
        #expect(unknown.status == .exited(64))
        #expect(unknown.standardError.contains("--nonsense"))
        let words = try await Tool(command[0]).output(["--", "printf", "%s|", "a b", "", "$HOME"])
        #expect(words.standardOutput == "a b||$HOME|")
    }

    @Test("my_init reaps what others leave behind")
    func reaping() async throws {
        // The shell in the middle ends before its child, which becomes the first process's.
        let look = """
            {
                sh -c 'sleep 0.1 &'
                sleep 0.5
                cat /proc/[0-9]*/stat | grep -c ') Z '
            } &
            exec sleep 1
            """
        #expect(try await asFirst([try script("my_init"), "--", "sh", "-c", look]).standardOutput == "0\n")
        #expect(try await asFirst(["sh", "-c", look]).standardOutput == "1\n", "nothing else reaps here")
    }

    @Test("my_init hands SIGTERM on to all that the command started, and waits for it without a command")
    func signals() async throws {
        try await withScratch { folder in
            let told = folder / "told"
            let command = """
                sh -c 'trap "echo child >> \(told); exit" TERM; echo ready >> \(told); while :; do sleep 0.05; done' &
                trap 'wait; echo parent >> \(told); exit 5' TERM
                while :; do sleep 0.05; done
                """
            for (arguments, status) in [
                (["--", "sh", "-c", command], ExitStatus.exited(5)), ([], .exited(0)),
            ] {
                let launch = LaunchCommand(
                    executable: HostPath(try script("my_init")),
                    arguments: arguments,
                    workingDirectory: folder
                )
                let (_, ended) = try await ChildProcess.run(launch, log: folder / "log") { child in
                    if arguments.isEmpty {
                        // It is there when the process that waits has been started below it.
                        _ = try await poll(for: .seconds(20)) {
                            try await Tool("pgrep").output(["--parent", "\(child.identifier ?? 0)"]).status
                                == .exited(0) ? true : nil
                        }
                        try await Task.sleep(for: .milliseconds(300))
                    } else {
                        _ = try await poll(for: .seconds(20)) { FileSystem.exists(told) ? true : nil }
                    }
                    child.signal(SIGTERM)
                    _ = try await child.exit(within: .seconds(20))
                }
                #expect(ended == status)
            }
            #expect(try FileSystem.readText(told) == "ready\nchild\nparent\n")
        }
    }

    @Test("setuser runs a command as a user named by name or number")
    func users() async throws {
        let look = ["sh", "-c", "printf '%s %s %s' \"$(id -u)\" \"$USER\" \"$HOME\""]
        let name = try await Tool("id").run(["-un"]).trimmingCharacters(in: .whitespacesAndNewlines)
        let own = try await Tool(try script("setuser")).output([name] + look)
        #expect(own.standardOutput.hasPrefix("\(geteuid()) \(name) "), "\(own.standardError)")
        if geteuid() == 0 {
            let number = try await Tool(try script("setuser")).output(["65534"] + look)
            #expect(number.standardOutput.hasPrefix("65534 nobody "), "\(number.standardError)")
        }
        let unknown = try await Tool(try script("setuser")).output(["no-such-user", "true"])
        #expect(unknown.status == .exited(66))
        #expect(unknown.standardError.contains("no-such-user"))
        #expect(try await Tool(try script("setuser")).output(["root"]).status == .exited(64))
    }
}
