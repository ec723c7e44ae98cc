import ArgumentParser
import Bootstrap
import Capture
import HostSupport
import PandaEngine
import RunRecords

struct RecordCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Start a guest, let it record, and prove that the recording replays",
        discussion: """
            A recording is started and stopped from inside the guest, by a login: of your command, or of whoever \
            comes. What was recorded lies in COLLECTION/runs/RUN-ID, with a run.json that explains it.

            Examples:
              $ pandacap record tiny -- uname -a
              $ pandacap record tiny -- sh -c 'uname -a; ls -lR /bin'
              $ pandacap record tiny --login
              $ pandacap record tiny --login --port-fwd ssh:2200 --recordings 3 --timeout 30m
              $ pandacap record debian-12 --bootstrap ssh-honeypot --login --port-fwd ssh:2200
              $ pandacap record debian-12 --workload sample --add ./sample.bin --set SAMPLE_TIME=30
              $ pandacap record tiny --on-connection --idle 30s --port-fwd ssh:2200
              $ pandacap record tiny --at-once --timeout 5s
              $ pandacap record tiny --tag demo --label "the first one" -- uname -a
              $ pandacap record tiny --allow-egress 10.0.2.2:8080/tcp -- wget -qO- http://10.0.2.2:8080/
              $ pandacap record tiny --container -- uname -a
              $ pandacap record tiny --dry-run -- true

            The exit code is the command's own, where it ran and its recording replays. Ctrl-C ends the recording \
            properly and keeps it; a second Ctrl-C does not wait for the engine.
            """
    )

    @Argument(help: "The guest image; 'pandacap image list' shows them.", completion: .images)
    var image: String

    @Argument(parsing: .postTerminator, help: "The command to run in the guest, after '--'.")
    var command: [String] = []

    @Flag(help: "Wait for logins over ssh and record them.")
    var login = false

    @Flag(
        help: ArgumentHelp(
            "Leave it to the guest to call recctrlu: logins are not recorded, a command is only run; without one, "
                + "wait for the guest."
        )
    )
    var guestTriggered = false

    @OptionGroup(title: "Options of recordings that the host begins") var host: HostTriggerOptions
    @OptionGroup(title: "Bootstrap options") var bootstrap: BootstrapOptions
    @OptionGroup(title: "Recording options") var recording: RecordingOptions
    @OptionGroup(title: "Sorting options") var tags: TagOptions
    @OptionGroup(title: "Machine options") var machine: MachineOptions
    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup(title: "Containment options") var bounds: EngineBoundsOptions
    @OptionGroup(title: "Container options") var container: ContainerOptions

    @Option(
        help: ArgumentHelp(
            "How many recordings the guest may begin; by default as many as are made, 64 where a command begins them.",
            valueName: "number"
        )
    )
    var maxRecordings: Int?

    @Flag(help: "Boot the guest, even where the image has a warm state to resume it from.")
    var cold = false

    @Flag(help: "Do not replay what was recorded.")
    var noVerify = false

    @Flag(help: "Show what would be started and written, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let maxRecordings, maxRecordings < 0 {
            throw ValidationError("--max-recordings must be 0 or more")
        }
        guard host.trigger == nil else {
            guard !login, !guestTriggered, command.isEmpty, bootstrap.workload == nil else {
                throw ValidationError(
                    "\(host.name) says what is recorded: it excludes a command and other triggers"
                )
            }
            guard recording.recordings == 1 || !host.atOnce else {
                throw ValidationError("--at-once makes one recording")
            }
            return
        }
        if login, !command.isEmpty {
            throw ValidationError("--login waits for a visitor and takes no command")
        }
        if bootstrap.workload != nil, login || guestTriggered || !command.isEmpty {
            throw ValidationError(
                "--workload says what is recorded: it excludes a command and other triggers"
            )
        }
        if !login, !guestTriggered, command.isEmpty, bootstrap.workload == nil {
            throw ValidationError(
                "name a command after '--' or a bundle with --workload, or wait for a visitor with --login"
            )
        }
        if login, guestTriggered { throw ValidationError("--login and --guest-triggered exclude each other") }
        if recording.recordings < 1 { throw ValidationError("--recordings must be 1 or more") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let request = try request(console)
        let engines = try container.source(engine, variables: request.guest.bundle?.variables)
        let planner = CapturePlanner(version: PandacapVersion.current, engines: engines)
        let plan = try await planner.plan(request)
        SetupWarnings.tell(of: plan.guest, console)
        if dryRun {
            try print(CapturePlanReport(plan: plan))
            return 0
        }
        let run = RecordedRun(
            plan: plan,
            engines: engines,
            console: console,
            isLive: !global.json,
            verifies: !noVerify
        )
        return try await run.make { try print($0) }
    }

    private func request(_ console: Console) throws -> CaptureRequest {
        let trigger = host.trigger ?? (login ? .login : guestTriggered ? .guest : .command)
        var guest = machine.request(image)
        guest.readyLimit = recording.readyTimeout?.duration
        guest.reserve = recording.reserve
        guest.isCold = cold
        guest.limits = bounds.limits
        guest.readable = bounds.readable
        guest.recordingLimit = maxRecordings
        guest.tags = tags.tag
        guest.label = tags.label
        guest.bundle = try bootstrap.request(console)
        var request = CaptureRequest(
            guest: guest,
            collection: HostPath(recording.collection),
            trigger: trigger,
            command: bootstrap.workload == nil ? command : [BootstrapOptions.workloadProgram]
        )
        request.runID = recording.runID
        request.recordingName = recording.name
        request.recordings = recording.recordings
        request.serial = host.words
        request.stops = recording.stops
        return request
    }
}

/// What the recording is called, where it goes, and how long and large it may get.
struct RecordingOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that runs are kept in.", valueName: "folder"),
        completion: .directory
    )
    var collection = "traces"

    @Option(
        name: .customLong("run-id"),
        help: "The run's name, instead of one made of the time and the image's name."
    )
    var runID: String?

    @Option(help: "What the recording is called; PANDA appends a number to it.")
    var name = "session"

    @Option(name: .shortAndLong, help: "How many recordings to make.")
    var recordings = 1

    @Option(help: ArgumentHelp("How long a recording may last: 90, 90s, 30m, 2h.", valueName: "time"))
    var timeout: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "End the run when the guest's network was silent for so long while it was recorded.",
            valueName: "time"
        )
    )
    var idle: TimeSpan?

    @Option(help: ArgumentHelp("End the run when a recording's log is larger.", valueName: "size"))
    var logSize: ByteSize?

    @Option(
        help: ArgumentHelp(
            "End the run so long after its first recording began, whatever goes on then.",
            valueName: "time"
        )
    )
    var period: TimeSpan?

    @Option(
        help: ArgumentHelp("End the run when nothing was recorded for so long.", valueName: "time")
    )
    var wait: TimeSpan?

    @Option(help: ArgumentHelp("How long the guest may take until it is ready.", valueName: "time"))
    var readyTimeout: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "Disk space to leave free; a recording is ended before it is used up.",
            valueName: "size"
        )
    )
    var reserve: ByteSize = .mebibytes(256)

    /// What ends the run beside the end of its last recording.
    var stops: StopRules {
        var rules = StopRules()
        rules.recording = timeout
        rules.idle = idle
        rules.log = logSize
        rules.period = period
        rules.wait = wait
        return rules
    }
}
