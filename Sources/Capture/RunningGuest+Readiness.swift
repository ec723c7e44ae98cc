import Bootstrap
import Containers
import Foundation
import GuestImages
import HostSupport
import QMP
import RunRecords

extension RunningGuest {
    /// Waits until a booting guest's agent is there, or has a resumed guest go on.
    ///
    /// - Throws: `Failure` where it takes too long; `CancellationError`.
    func awaitRunning() async throws {
        if plan.warmState != nil { try await resume() } else { try await awaitAgent() }
    }

    private func awaitAgent() async throws {
        guard plan.agent != .none else { return }
        let limit = Duration.seconds(plan.readySeconds)
        while age < limit {
            console.progress("booting: \(age.text)")
            if try await agent.waitUntilReady(within: .milliseconds(200)) { return }
        }
        throw plan.agent == .usb ? hasNotTakenVolume() : notReady()
    }

    private func resume() async throws {
        // The stream is read before the engine listens to its control socket, unless it is slow to arrive.
        let arrived = try await poll(for: .seconds(120), every: .milliseconds(5)) { () -> Bool? in
            if engine.status != nil { throw RunningGuest.failure(of: engine, plan) }
            return try await control.queryStatus().state == .inmigrate ? nil : true
        }
        guard arrived != nil else { throw Failure(.unavailable, "the warm state is not read to its end") }
        try await control.cont()
    }

    /// Makes sure that the agent of a resumed guest still listens.
    private func greetAgent() async throws {
        guard try await agent.greet(within: .seconds(30)) else {
            throw Failure(
                .guest,
                "the resumed guest's agent does not answer; its console ends with:\n" + consoleEnd,
                hint:
                    "boot the guest with --cold, or save the state anew: pandacap image warm \(plan.image) --replace"
            )
        }
    }

    /// Hands the guest what it is prepared with.
    ///
    /// - Parameters:
    ///   - purpose: What for.
    ///   - request: Whether the agent goes on listening.
    /// - Returns: What the guest said; nothing where it takes nothing.
    /// - Throws: `Failure` where the guest does not take it; `CancellationError`.
    func prepare(
        for purpose: SessionBundle.Purpose,
        as request: AgentChannel.Request
    ) async throws -> RunRecord.Bootstrap? {
        // What somebody wrote himself may install a system's worth of packages.
        let limit = Duration.seconds(plan.volume == nil ? 120 : plan.readySeconds)
        switch plan.agent {
        case .none:
            return nil
        case .usb:
            let bootstrap = try await agent.result(within: limit)
            if plan.bundle == nil { try await unplugBootVolume() }
            return bootstrap
        case .serial:
            if plan.warmState != nil { try await greetAgent() }
            let archive = try await SessionBundle(installation: try Installation.locate())
                .pack(for: plan, purpose)
            return try await agent.handOver(archive, as: request, within: limit)
        }
    }

    /// Has the guest do something before it is saved or its disk kept; its agent goes on listening.
    ///
    /// - Parameter purpose: What is done.
    /// - Throws: `Failure` where the guest does not take it, or its script fails; `CancellationError`.
    func rehearse(_ purpose: SessionBundle.Purpose) async throws {
        guard let said = try await prepare(for: purpose, as: .prepare), said.status != 0 else { return }
        let end = said.status.map { "ended with status \($0)" } ?? "did not end in time"
        throw Failure(
            .guest,
            "the guest's preparation \(end): " + said.output.suffix(5).joined(separator: "; ")
        )
    }

    /// Lets the host's ports lead to the guest; until now nobody could reach it.
    ///
    /// - Throws: `Failure` with `unavailable` where a port has been taken meanwhile.
    func openPorts() async throws {
        for forward in plan.forwards {
            // The monitor says nothing where it succeeds.
            let inner = plan.container?.inner(forward) ?? forward
            let rule = inner.monitorRule(isPublished: plan.container?.publishesPorts == true)
            let answer = try await control.humanMonitorCommand("hostfwd_add \(rule)")
            guard answer.allSatisfy(\.isWhitespace) else {
                throw Failure(
                    .unavailable,
                    "the \(forward.transport.rawValue) port \(forward.hostPort) at \(forward.hostAddress) "
                        + "cannot be forwarded: \(Console.printable(answer))",
                    hint: "name another in --port-fwd \(forward), or 0 for one that is free"
                )
            }
        }
    }

    /// Waits until the guest's ssh server answers.
    ///
    /// - Throws: `Failure` where it takes too long; `CancellationError`.
    func awaitServer() async throws {
        let left = max(.seconds(plan.readySeconds) - age, .seconds(30))
        let banner = try await poll(for: left, every: .milliseconds(50)) { () -> String? in
            console.progress("waiting for the ssh server: \(age.text)")
            let banner = try await HostPort.banner(port: plan.sshPort, within: .seconds(2))
            return banner?.hasPrefix("SSH-") == true ? banner : nil
        }
        guard banner != nil else { throw notReady() }
    }

    private func hasNotTakenVolume() -> Failure {
        Failure(
            .guest,
            "the guest did not run bootstrap.sh from the disk labelled '\(BootstrapVolume.label)' within "
                + "\(Duration.seconds(plan.readySeconds).text); its console ends with:\n" + consoleEnd,
            hint:
                "have it mount a disk of that label when it boots and run bootstrap.sh from it, as root; give it more "
                + "time with --ready-timeout; \(plan.files.console) has all it said"
        )
    }

    private func notReady() -> Failure {
        Failure(
            .guest,
            "the guest was not ready within \(Duration.seconds(plan.readySeconds).text); its console ends with:\n"
                + consoleEnd,
            hint: "give it more time with --ready-timeout, or more memory; \(plan.files.console) has it all"
        )
    }
}
