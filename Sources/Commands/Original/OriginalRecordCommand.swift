import ArgumentParser
import Capture
import Containers
import GuestImages
import HostSupport
import PandaEngine
import RunRecords

struct OriginalRecordCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "rec",
        abstract: "Record as the original's wrapper did: the guest says when",
        discussion: """
            The guest boots from a disk of its own over the one that -d names, and begins and ends its recordings \
            itself with recctrlu. Options may stand before 'rec', as in the original.

            Examples:
              $ pandacap rec -d tiny-i386 --panda recctrl:session_rec=y,nrec=1,timeout=1800
              $ pandacap -d ubuntu16.qcow2 --port-fwd ssh:2200 rec --usbdisk-dir run.1/vm --panda 'recctrl:session_rec=y,nrec=1'

            Of recctrl, nrec is how many recordings are made (0, the default: until Ctrl-C) and timeout how many \
            seconds one may last; it ends the run. The exit code is that of 'pandacap record'.
            """
    )

    @OptionGroup(title: "Machine options") var original: OriginalOptions
    @OptionGroup(title: "Docker options") var docker: DockerOptions
    @OptionGroup(title: "PANDA options") var system: SystemOptions

    @Flag(name: .customLong("no-derive"), help: "Let the guest write to the disk itself.")
    var noDerive = false

    @Option(
        name: .customLong("usbdisk-dir"),
        help: ArgumentHelp(
            "A folder with bootstrap.sh that the guest gets on a USB disk labelled 'bootstrap' when it boots.",
            valueName: "folder"
        )
    )
    var usbDiskFolder: String?

    @OptionGroup(title: "Further options") var further: OriginalFurtherOptions
    @Flag(help: "Do not replay what was recorded.")
    var noVerify = false

    @Flag(help: "Show what would be started and written, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let (request, engines) = try await request()
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
            isLive: false,
            verifies: !noVerify
        )
        let code = try await run.make { try print($0) }
        if docker.image != nil { try await nameRecordings(of: plan, console) }
        return code
    }

    /// Gives what was recorded a name in the folder that the original's users have it in.
    private func nameRecordings(of plan: CapturePlan, _ console: Console) async throws {
        guard let folder = try DockerMounts(docker.mounts).sources["rr"] else { return }
        let recordings = RunFolder(plan.folder).recordings
        for name in FileSystem.list(recordings) {
            if FileSystem.exists(folder / name) {
                console.warning(
                    "\(folder / name) is there already; what was recorded is \(recordings / name)"
                )
            } else {
                try await FileSystem.share(recordings / name, as: folder / name)
            }
        }
    }

    private func request() async throws -> (CaptureRequest, EngineSource) {
        let plugins = try PluginWords(system.panda ?? "")
        let source = try await OriginalGuest(
            original,
            isWritten: noDerive,
            volume: usbDiskFolder.map { FileSystem.absolute(HostPath($0)) }
        )
        var guest = GuestRequest(image: source.image)
        guest.disk = source.use
        guest.memory = original.memory
        guest.forwards = original.portForward
        guest.plugins = plugins.others
        guest.networkDevice = try original.networkWords()
        guest.display = original.display
        further.apply(to: &guest)
        var request = CaptureRequest(guest: guest, collection: original.collection, trigger: .guest)
        let id = try original.normalisedRunID.map { try RunID(named: $0) } ?? RunID(label: source.label)
        request.runID = id.description
        let folder = RunFolder(collection: original.collection, id: id).recordings
        request.guest.operatingSystem = try system.operatingSystem()
        request.guest.engineOptions = try system.logArguments(in: folder)
        request.recordings = plugins.recordings
        request.stops.recording = plugins.timeLimit.map(TimeSpan.init)
        let container = try docker.request(disk: source.use?.disk.path)
        return (request, try await original.engines(further.engine, for: source.architecture, in: container))
    }
}
