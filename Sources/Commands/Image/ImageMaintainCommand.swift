import ArgumentParser
import Capture
import Containers
import Foundation
import GuestImages
import HostSupport
import PandaEngine
import RunRecords

struct ImageMaintainCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "maintain",
        abstract: "Boot a writable copy of an image to work in it, and make a new version of it",
        discussion: """
            The copy is booted with at least 4 GiB of memory, with hardware virtualisation where that truly works, and \
            you are logged in. When you log out you are asked whether the changes become a new version of the image; \
            with --keep or --drop you are not. With a command, that is run instead, and its changes are kept if it \
            ends with 0. The guest is shut down before they are.

            Examples:
              $ pandacap image maintain debian-12
              $ pandacap image maintain debian-12 --egress --keep -- apt-get install -y strace
            """
    )

    @Argument(help: "The guest image.", completion: .images)
    var image: String

    @Argument(parsing: .postTerminator, help: "A command to run in the guest instead of a login, after '--'.")
    var command: [String] = []

    @Flag(help: "Keep the changes without asking.")
    var keep = false

    @Flag(help: "Drop the changes: look, and leave the image as it is.")
    var drop = false

    @Flag(inversion: .prefixedNo, help: "Use hardware virtualisation where it works.")
    var kvm = true

    @OptionGroup(title: "Machine options") var machine: MachineOptions

    @Option(help: ArgumentHelp("How long the guest may take until it is ready.", valueName: "time"))
    var readyTimeout: TimeSpan?

    @OptionGroup(title: "Engine options") var engine: EngineOptions

    @Flag(help: "Show what would be started and written, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if keep, drop { throw ValidationError("--keep and --drop exclude each other") }
        if command.isEmpty, !dryRun, isatty(STDIN_FILENO) == 0 {
            throw ValidationError("standard input is no terminal: name a command after '--'")
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let maintenance = Maintenance(engines: .host(try engine.finder()), console: console)
        var request = machine.request(image)
        request.readyLimit = readyTimeout?.duration
        let plan = try await maintenance.plan(request, usesHardware: kvm)
        if dryRun {
            try print(MaintenancePlanReport(plan: plan))
            return 0
        }
        Interrupts.take()
        var status = ExitStatus.exited(0)
        let next = try await maintenance.maintain(plan) { session in
            status = try await work(session, console)
            return try isKept(status, console)
        }
        try print(MaintenanceReport(image: image, version: next?.version))
        return command.isEmpty ? 0 : status.shellCode
    }

    private func work(_ session: Maintenance.Session, _ console: Console) async throws -> ExitStatus {
        console.step("log in elsewhere with: \(shellLine(session.login))")
        console.step("its console, until Ctrl-]: \(shellLine(session.console))")
        let terminal = command.isEmpty ? [] : ["-n"]
        return try await Tool("ssh", package: "openssh-client")
            .runAtTerminal(terminal + session.arguments(command: command))
    }

    private func isKept(_ status: ExitStatus, _ console: Console) throws -> Bool {
        if Interrupts.count > 0 { throw Failure(.interrupted, "interrupted; the image stays as it was") }
        if drop { return false }
        guard command.isEmpty else { return status == .exited(0) }
        if keep { return true }
        try StandardStream.error.write("make a new version of the image from your changes? [y/N] ")
        return readLine()?.lowercased().hasPrefix("y") == true
    }
}

/// What came of maintaining an image.
private struct MaintenanceReport: Report {
    let image: String
    let version: Int?

    var text: String {
        version.map { "image \(image) is now version \($0)" } ?? "image \(image) stays as it was"
    }
}

/// The plan of a maintenance that is not done.
private struct MaintenancePlanReport: Report {
    let plan: Maintenance.Plan

    func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    var text: String {
        """
        a copy of \(plan.guest.image)
          folder   \(plan.guest.folder)
          hardware \(plan.noHardware.map { "not used: \($0)" } ?? "used")
          engine   \(plan.guest.command.shellText)
        """
    }
}
