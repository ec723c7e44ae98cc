import Foundation
import HostSupport
import RunRecords
import Testing

/// Somebody who comes to a guest that waits for logins, over a forwarded port.
struct Visitor: Sendable {
    /// The host's port.
    let port: UInt16?
    /// Who he says he is.
    var user = "root"
    /// The configuration with the key that he has; without one he tries a password that nobody has set.
    var configuration: String?

    /// Runs a command by `ssh`, or hands `sftp` its commands.
    func run(_ program: String, _ command: String) async throws -> ToolOutput {
        let port = ["-o", "Port=\(self.port ?? 0)"]
        let host = program == "ssh" ? [command] : []
        if let configuration {
            return try await Tool(program).output(
                ["-F", configuration, "-l", user] + port + ["guest"] + host
            )
        }
        let stranger = [
            "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
            "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1",
        ]
        return try await Tool("sshpass", package: "sshpass").output(
            ["-p", "hunter2", program] + stranger + port + ["\(user)@127.0.0.1"] + host,
            input: command + "\n"
        )
    }
}

/// Starts a run that waits for logins, in `folder / "traces"`, and lets visitors come; the run must succeed.
func visiting(
    _ arguments: [String],
    _ pandacap: Pandacap,
    _ folder: HostPath,
    by visitors: ([PortForward], String) async throws -> [ToolOutput]
) async throws -> [ToolOutput] {
    let (visits, status) = try await pandacap.beside(
        arguments + ["-o", (folder / "traces").string],
        in: folder
    ) { child in
        let login = try await poll(for: .seconds(400)) { () -> String? in
            if let status = child.status { throw Failure(.internal, "pandacap \(status)") }
            return try FileSystem.readText(folder / "stderr.txt").split(separator: "\n").map(String.init)
                .first { $0.hasPrefix("  ssh -F ") }
        }
        let configuration = try #require(login?.split(separator: " ").dropFirst(2).first)
        let forwards = try onlyRun(in: folder / "traces").record.forwards
        let visits = try await visitors(forwards, String(configuration))
        _ = try await child.exit(within: .seconds(180))
        return visits
    }
    #expect(status == .exited(0), "\(words(of: folder))")
    return visits
}
