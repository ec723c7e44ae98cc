import Foundation
import HostSupport
import RunRecords

extension Capture {
    /// Brings the guest to readiness and lets it record what is to be recorded.
    func session(_ channel: AgentChannel) async throws {
        var channel = channel
        let start = ContinuousClock.now
        let limit = Duration.seconds(plan.readySeconds)
        guard try await isReady(&channel, within: limit) else { throw notReady(limit) }
        try await bootstrap(&channel)
        let banner = try await poll(for: limit, every: .milliseconds(100)) { () -> String? in
            let banner = try await HostPort.banner(port: plan.sshPort, within: .seconds(2))
            return banner?.hasPrefix("SSH-") == true ? banner : nil
        }
        guard banner != nil else { throw notReady(limit) }
        try update { if $0.state == .starting { try $0.become(.ready) } }
        console.step("ready after \((ContinuousClock.now - start).text)")
        switch plan.record.trigger {
        case .command: try await runCommands()
        case .guest: try await runCommands()
        case .login: try await waitForLogins()
        }
    }

    private func isReady(_ channel: inout AgentChannel, within limit: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        let start = ContinuousClock.now
        while ContinuousClock.now < deadline {
            console.progress("booting: \((ContinuousClock.now - start).text)")
            if try await channel.waitUntilReady(within: .milliseconds(200)) { return true }
        }
        return false
    }

    private func notReady(_ limit: Duration) -> Failure {
        Failure(
            .guest,
            "the guest was not ready within \(limit.text); its console ends with:\n" + consoleEnd(),
            hint: "give it more time with --ready-timeout, or more memory; \(plan.files.console) has it all"
        )
    }

    private func bootstrap(_ channel: inout AgentChannel) async throws {
        let authorizedKey = try await plan.ssh.prepare()
        let archive = try await SessionBundle(installation: try Installation.locate()).pack(
            in: plan.runtime,
            authorizedKey: authorizedKey,
            sessionName: plan.sessionName
        )
        let bootstrap = try await channel.handOver(archive, within: .seconds(120))
        try update { $0.bootstrap = bootstrap }
        let hostKey = bootstrap.output.first { $0.hasPrefix(SessionBundle.hostKeyPrefix) }
        guard bootstrap.status == 0, let hostKey else {
            throw Failure(
                .guest,
                "the bootstrap in the guest ended with status \(bootstrap.status)"
                    + (hostKey == nil ? " and told no ssh host key" : ""),
                hint: "what it said is in \(plan.files.record) under 'bootstrap'"
            )
        }
        try plan.ssh.trust(String(hostKey.dropFirst(SessionBundle.hostKeyPrefix.count)))
    }

    private func runCommands() async throws {
        for number in 1...plan.recordings {
            try update {
                $0.commands.append(.init(arguments: plan.command))
                $0.commands[number - 1].started = Date()
            }
            let status = try await runInGuest(plan.command)
            try update {
                $0.commands[number - 1].ended = Date()
                $0.commands[number - 1].status = status
            }
            // A guest that ends its machine breaks the connection, and its recording is whole all the same.
            guard status != nil else {
                throw Failure(
                    .guest,
                    "the ssh connection to the guest broke, or the command ended with 255",
                    hint: "see \(plan.files.engineLog) and \(plan.files.console)"
                )
            }
            // The login's last act closes the session, a moment before or after its connection.
            let isEnded = try await poll(for: .seconds(10)) { look().ended >= number ? true : nil }
            guard isEnded == nil else { continue }
            if plan.record.trigger == .guest { return }
            throw Failure(
                .guest,
                "the guest did not \(look().open == nil ? "start" : "end") recording \(number)",
                hint: "see \(plan.files.engineLog) and \(plan.files.console)"
            )
        }
    }

    /// Runs a command in the guest through ssh; its output goes to files and, as it comes, to ours.
    ///
    /// - Returns: Its exit status; nothing where the connection broke.
    private func runInGuest(_ command: [String]) async throws -> Int32? {
        let files = plan.files
        let ssh = LaunchCommand(
            executable: try Tool("ssh", package: "openssh-client").located(),
            arguments: ["-n"] + plan.ssh.arguments(command: command),
            workingDirectory: files.path
        )
        var output = FileTail(files.standardOutput)
        var errors = FileTail(files.standardError)
        func copy() throws {
            guard isLive else { return }
            for (bytes, stream) in [(output.next(), StandardStream.output), (errors.next(), .error)]
            where !bytes.isEmpty {
                console.endProgress()
                try stream.write(bytes)
            }
        }
        let (_, status) = try await ChildProcess.run(
            ssh,
            log: files.standardOutput,
            errorLog: files.standardError,
            grace: .seconds(2)
        ) { child in
            while child.status == nil {
                try copy()
                try await Task.sleep(for: .milliseconds(30))
            }
        }
        try copy()
        // ssh itself ends with 255 where the connection is at fault.
        return status == .exited(255) ? nil : status.shellCode
    }

    private func waitForLogins() async throws {
        console.step("waiting for \(plan.recordings == 1 ? "a login" : "\(plan.recordings) logins"):")
        console.step("  " + shellLine(plan.loginCommand))
        while look().ended < plan.recordings { try await Task.sleep(for: .milliseconds(50)) }
        // What the guest still has to send its visitor should get through before the engine ends.
        try await Task.sleep(for: .milliseconds(500))
    }
}
