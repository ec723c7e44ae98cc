import Foundation
import GuestImages
import HostSupport
import RunRecords
import Synchronization

extension Capture {
    /// Brings the guest to readiness and lets it record what is to be recorded.
    func session(_ guest: RunningGuest) async throws {
        try await guest.awaitRunning()
        try update { $0.start.running = guest.age.seconds }
        try await bootstrap(guest)
        try update { $0.start.prepared = guest.age.seconds }
        try await guest.openPorts()
        // A guest that records by itself need not have a server, and one that is recorded from outside may have none.
        let trigger = plan.record.trigger
        let needsNoServer = trigger != .connection || plan.guest.agent == .none
        let waitsForGuest = plan.command.isEmpty && (trigger == .guest || trigger.isHosts && needsNoServer)
        if !waitsForGuest { try await guest.awaitServer() }
        guest.activity.startCounting()
        ready.withLock { $0 = .now }
        try update {
            if !waitsForGuest { $0.start.reachable = guest.age.seconds }
            if $0.state == .starting { try $0.become(.ready) }
        }
        if plan.guest.agent != .none || !waitsForGuest { console.step("ready after \(guest.age.text)") }
        if trigger.isHosts {
            try await recordFromHost(guest)
        } else if waitsForGuest {
            try await waitForGuest()
        } else if plan.command.isEmpty {
            try await waitForLogins()
        } else {
            try await runCommands()
        }
    }

    /// What the guest is prepared for.
    var purpose: SessionBundle.Purpose { .run(sessionName: plan.sessionName) }

    private func bootstrap(_ guest: RunningGuest) async throws {
        let bundle = plan.guest.bundle
        let said = try await guest.prepare(for: purpose, as: bundle == nil ? .bootstrap : .prepare)
        guard let said else { return }
        try update { $0.bootstrap = said }
        guard said.status == 0 else {
            throw bootstrapFailure(
                "the bootstrap in the guest "
                    + (said.status.map { "ended with status \($0)" } ?? "did not end in time"),
                said,
                key: "bootstrap"
            )
        }
        if let bundle { try await run(bundle, in: guest) }
    }

    private func run(_ bundle: BundlePlan, in guest: RunningGuest) async throws {
        let said = try await console.step("running \(bundle.record.folder.name) in the guest") {
            try await guest.run(bundle)
        }
        var record = bundle.record
        record.note(said)
        let noted = record
        try update { $0.bundle = noted }
        guard let problem = noted.problem else { return }
        let limit = said.status == nil ? " (\(Duration.seconds(bundle.seconds).text))" : ""
        throw bootstrapFailure("the bundle \(bundle.record.folder): \(problem)\(limit)", said, key: "bundle")
    }

    private func bootstrapFailure(_ message: String, _ said: RunRecord.Bootstrap, key: String) -> Failure {
        Failure(
            .guest,
            ([message] + said.output.suffix(5).map { "  \($0)" }).joined(separator: "\n"),
            hint: "what it said is in \(plan.files.record) under '\(key)'"
        )
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
            arguments: ["-n"] + plan.guest.ssh.arguments(command: command),
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
        try await waitForRecordings()
        // What the guest still has to send its visitor should get through before the engine ends.
        try await Task.sleep(for: .milliseconds(500))
    }

    private func waitForGuest() async throws {
        let count = plan.recordings
        let wanted = count == 0 ? " until Ctrl-C" : count == 1 ? "" : ", \(count) times"
        console.step("waiting for the guest to record\(wanted)")
        for forward in plan.guest.forwards {
            console.step("  its port \(forward.guestPort) is \(forward.hostAddress):\(forward.hostPort)")
        }
        try await waitForRecordings()
    }

    private func waitForRecordings() async throws {
        while true {
            let (open, ended) = look()
            guard plan.wantsMore(than: ended) else { return }
            try await Task.sleep(for: .milliseconds(open == nil ? 100 : 20))
        }
    }
}
