import HostSupport
import RunRecords

/// The engine's argument vector for a guest that is booted or resumed.
struct EngineArguments: Sendable {
    /// The number of the file descriptor from which a resumed guest's state is read.
    static let stateInput = 9

    let machine: Machine
    let egress: EgressPolicy
    /// The guest's disk; none where it has none.
    let disk: HostPath?
    /// A disk with what the guest is handed when it boots; none where it is handed over in another way.
    let usbVolume: HostPath?
    let runtime: RuntimeFolder
    /// Whether somebody may connect to the guest's console.
    let hasConsole: Bool
    /// What boots the guest's kernel.
    let boot: [String]
    /// Whether the guest's state is read from ``stateInput``.
    let resumes: Bool
    /// Further plugins.
    let plugins: [String]
    let hasCompleteSnapshotOption: Bool
    /// The format of the guest's disk.
    var diskFormat = "qcow2"
    /// Whether the guest's disk is the user's own, and is worth as much after the run as before.
    var isDiskKept = false
    /// Where the guest's display is shown, as `-display` takes it.
    var display = "none"
    /// Further arguments that play no part in the machine.
    var options: [String] = []

    /// The arguments, in the order in which the engine gets them.
    var words: [String] {
        // Relative to the working folder: a serial port's path cannot have a comma.
        let wiring = Machine.Wiring(
            serialPorts: [hasConsole ? "chardev:console" : "file:../console.log", "chardev:agent"],
            networkOptions: egress == .denied ? ["restrict=on"] : [],
            display: display
        )
        // recctrl's own limits are left off: with nrec it ends the engine before the guest's output is through, and
        // its timer aborts the engine when the host ends a recording first.
        let loaded = (["recctrl:session_rec=y,nrec=0"] + plugins).joined(separator: ";")
        return machine.arguments(wiring) + drives + console + [
            "-chardev", "socket,id=agent,path=\(Self.value(runtime.agent))",
        ] + gate + [
            "-chardev", "socket,id=packets,path=\(Self.value(runtime.packets))",
            "-object", "filter-mirror,id=mirror0,netdev=net0,queue=all,outdev=packets",
            "-qmp", "unix:\(Self.value(runtime.machineProtocol)),server,nowait",
            "-no-reboot",
        ] + boot + (resumes ? ["-incoming", "fd:\(Self.stateInput)"] : []) + ["-panda", loaded]
            + (hasCompleteSnapshotOption ? ["-complete-rr-snapshot"] : []) + options
    }

    /// What hands the guest's frames to ``EgressGate`` and takes them back.
    ///
    /// Frames to the user network pass the filters from the last to the first, so those that are refused are captured,
    /// too.
    private var gate: [String] {
        guard case .allowed = egress else { return [] }
        let sockets = [("outward", runtime.outward), ("inward", runtime.inward), ("back", runtime.back)]
        return sockets.flatMap { ["-chardev", "socket,id=\($0),path=\(Self.value($1))"] } + [
            "-object", "filter-redirector,id=gate0,netdev=net0,queue=rx,outdev=outward,indev=back",
            "-object", "filter-mirror,id=mirror1,netdev=net0,queue=tx,outdev=inward",
        ]
    }

    private var console: [String] {
        guard hasConsole else { return [] }
        let path = Self.value(runtime.console)
        return ["-chardev", "socket,id=console,path=\(path),server,nowait,logfile=../console.log"]
    }

    /// What is lost when the host itself crashes is a run that is lost anyway, so nothing is synced for the guest.
    private var drives: [String] {
        var drives: [String] = []
        if let disk {
            let cache = isDiskKept ? "writeback" : "unsafe"
            let options = "if=ide,index=0,media=disk,format=\(diskFormat),cache=\(cache)"
            drives += ["-drive", "\(options),file=\(Self.value(disk))"]
        }
        if let usbVolume {
            drives += [
                "-drive", "if=none,id=bootstrap,format=raw,file=\(Self.value(usbVolume))",
                "-device", "usb-storage,id=bootstrap,drive=bootstrap",
            ]
        }
        return drives
    }

    /// A path as the value of one of QEMU's options, in which a comma would begin the next.
    static func value(_ path: HostPath) -> String { path.string.replacing(",", with: ",,") }
}
