import ArgumentParser
import Capture
import GuestImages
import HostSupport
import RunRecords

struct OriginalMaintainCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "maint",
        abstract: "Boot a disk to work in it, as the original's wrapper did",
        discussion: """
            The guest writes to the disk file itself, has at least 4 GiB of memory, and runs until it is powered off or \
            reset; Ctrl-C presses its power button. Hardware virtualisation is used where it truly works. For the name \
            of a guest image it is 'pandacap image maintain'.

            Examples:
              $ pandacap maint -d ubuntu16.qcow2 --port-fwd ssh:2200 --egress
              $ pandacap -D :0 -d ubuntu16.qcow2 maint --no-kvm
            """
    )

    @OptionGroup(title: "Machine options") var original: OriginalOptions
    @OptionGroup(title: "Docker options") var docker: DockerOptions

    @Flag(name: .customLong("no-kvm"), help: "Do not use hardware virtualisation.")
    var noKVM = false

    @OptionGroup(title: "Further options") var further: OriginalFurtherOptions

    @Flag(help: "Show what would be started and written, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let source = try await OriginalGuest(original)
        guard let use = source.use else { return try await maintainImage(source.image, console) }
        let engines = try await original.engines(
            further.engine,
            for: source.architecture,
            in: try docker.request(disk: use.disk.path)
        )
        let maintenance = DiskMaintenance(engines: engines, console: console)
        var request = GuestRequest(image: source.image)
        request.disk = DiskUse(use.disk, source.architecture, isWritten: true)
        request.memory = original.memory
        request.forwards = original.portForward
        request.networkDevice = try original.networkWords()
        request.display = original.display
        further.apply(to: &request)
        let id = try original.normalisedRunID.map { try RunID(named: $0) } ?? RunID(label: source.label)
        let plan = try await maintenance.plan(
            request,
            in: original.collection / ".\(id).maintained",
            usesHardware: !noKVM && docker.image == nil
        )
        if dryRun {
            try print(DiskMaintenanceReport(plan: plan))
            return 0
        }
        Interrupts.take()
        try await maintenance.maintain(plan)
        return 0
    }

    private func maintainImage(_ image: String, _ console: Console) async throws -> Int32 {
        guard docker.image == nil else {
            throw Failure(
                .usage,
                "an image is maintained by an engine of this host",
                hint: "leave out --docker-image, or name a disk file with -d"
            )
        }
        guard original.display == nil, try original.networkWords() == nil, original.runID == nil else {
            throw Failure(
                .usage,
                "an image is maintained without --display, --nic and --run-id",
                hint: "those are for disk files; see 'pandacap image maintain --help'"
            )
        }
        var words = [image]
        if further.egress { words.append("--egress") }
        if noKVM { words.append("--no-kvm") }
        if dryRun { words.append("--dry-run") }
        if let memory = original.memory { words += ["--memory", "\(memory.mebibytes)M"] }
        if let engine = further.engine.engine { words += ["--engine", engine] }
        if global.json { words.append("--json") }
        if further.unconfined { words.append("--unconfined") }
        if let limit = further.readyTimeout {
            words += ["--ready-timeout", "\(limit.duration.components.seconds)s"]
        }
        words += further.engineArgument.map { "--engine-arg=\($0)" }
        for forward in original.portForward { words += ["--port-fwd", forward.description] }
        let command = try ImageMaintainCommand.parse(words)
        try command.validate()
        return try await command.execute(console)
    }
}

/// The plan of a maintenance that is not done.
private struct DiskMaintenanceReport: Report {
    let plan: DiskMaintenance.Plan

    func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    var text: String {
        """
        the disk \(plan.guest.writtenDisk?.string ?? plan.guest.image) itself
          folder   \(plan.guest.folder)
          hardware \(plan.noHardware.map { "not used: \($0)" } ?? "used")
          engine   \(plan.guest.command.shellText)
        """
    }
}
