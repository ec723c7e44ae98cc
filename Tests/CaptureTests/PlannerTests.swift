import Bootstrap
import Containers
import Foundation
import HostSupport
import PandaEngine
import RunRecords
import TestSupport
import Testing

@testable import Capture
@testable import GuestImages

/// Plans for an engine that is a shell script and an image that cannot boot.
@Suite struct PlannerTests {
    private func withHome(
        agent: GuestImage.Agent = .serial,
        disk: GuestImage.File? = nil,
        _ body: (CapturePlanner, HostPath) async throws -> Void
    ) async throws {
        try await withScratch { home in
            // In a folder of its own: what lies beside that of an engine may be the engine's.
            let program = home / "bin/panda-system-x86_64"
            try FileSystem.createDirectory(program.parent)
            let script =
                "#!/bin/sh\necho 'QEMU emulator version 2.9.1'; echo '-panda'; echo '-complete-rr-snapshot'\n"
            try FileSystem.write(script, to: program, mode: 0o755)
            for name in ["recctrl", "other"] {
                try FileSystem.createDirectory(home / "bin/panda/plugins")
                try FileSystem.write("", to: home / "bin/panda/plugins/panda_\(name).so")
            }
            let image = GuestImage(
                schema: GuestImage.currentSchema,
                name: "tiny",
                version: 1,
                recipe: "tiny",
                architecture: .x8664,
                created: Date(),
                suite: "bookworm",
                packages: [],
                kernelRelease: "6.1.0",
                kernel: GuestImage.File(name: "vmlinuz", sha256: "01"),
                initrd: GuestImage.File(name: "initrd", sha256: "02"),
                append: "console=ttyS0 quiet",
                disk: disk,
                memory: .mebibytes(64),
                sshUser: "visitor",
                agent: agent,
                readyTimeout: 60,
                digest: "03"
            )
            try FileSystem.createDirectory(home / "images/tiny")
            for file in ["vmlinuz", "initrd", "base.qcow2"] {
                try FileSystem.write("x", to: home / "images/tiny" / file)
            }
            try FileSystem.write(try JSONText.encode(image), to: home / "images/tiny/image.json")
            let engines = EngineFinder(named: program.string, home: home)
            try await body(CapturePlanner(version: "0.0.0", engines: .host(engines), home: home), home)
        }
    }

    private func request(in home: HostPath) -> CaptureRequest {
        var guest = GuestRequest(image: "tiny")
        guest.reserve = .mebibytes(1)
        guest.allowsUnconfined = true
        var request = CaptureRequest(
            guest: guest,
            collection: home / "traces",
            trigger: .command,
            command: ["uname", "-a"]
        )
        request.runID = "r1"
        return request
    }

    @Test func aPlanHasTheWholeCommandLineAndWritesNothing() async throws {
        try await withHome { planner, home in
            var request = request(in: home)
            request.guest.plugins = ["other:a=b"]
            request.guest.engineArguments = ["-smp", "1"]
            request.recordingName = "../x"
            let port = try HostPort.choose()
            request.guest.forwards = [try PortForward("8080:\(port):*")]
            let plan = try await planner.plan(request)
            let files = home / "traces/runs/r1"
            #expect(plan.folder == files && !FileSystem.exists(home / "traces"))
            #expect(
                plan.sessionName == "_._x" && plan.guest.user == "visitor" && plan.guest.readySeconds == 60
            )
            #expect(plan.record.forwards.map(\.guestPort) == [22, 8080])
            #expect(plan.guest.sshPort == plan.record.forwards[0].hostPort && plan.guest.sshPort != 0)
            let command = plan.record.command
            #expect(command.workingDirectory == files / "rr")
            let start = try #require(
                command.arguments.lastIndex(of: (home / "bin/panda-system-x86_64").string)
            )
            let writable = ["\(files)/rr", "\(files)/console.log", "\(plan.guest.runtimeFolder)/s"]
            // The engine here is a script, which is found in a folder of programs, and refused no system call.
            let readable =
                [
                    "\(home)/bin/panda-system-x86_64", "\(home)/bin/panda/plugins", "/bin", "/usr/bin",
                    "\(home)/images/tiny/vmlinuz", "\(home)/images/tiny/initrd",
                ]
            let ports = plan.record.forwards.map(\.hostPort).sorted().flatMap { ["--bind", "\($0)"] }
            let confinement =
                plan.record.confined
                ? writable.flatMap { ["--writable", $0] } + readable.flatMap { ["--readable", $0] } + ports
                    + ["--connect", "none"] : []
            #expect(
                Array(command.arguments[..<start]) == confinement + [
                    "--limit", "memory=1207959552", "--limit", "file-size=68719476736", "--limit",
                    "files=4096",
                    "--lifeline", "\(ProcessIdentity.current)",
                ]
            )
            #expect(command.environment["PANDACAP_RECORDINGS"] == "1" && plan.guest.recordingLimit == 1)
            #expect(plan.record.containment == plan.guest.containment && plan.record.egressPolicy == .denied)
            #expect(
                Array(command.arguments[(start + 1)...]) == [
                    "-m", "64", "-display", "none", "-monitor", "none",
                    "-serial", "file:../console.log", "-serial", "chardev:agent",
                    "-netdev", "user,id=net0,restrict=on",
                    "-device", "e1000,netdev=net0", "-smp", "1",
                    "-chardev", "socket,id=agent,path=\(plan.guest.runtimeFolder)/agent",
                    "-chardev", "socket,id=packets,path=\(plan.guest.runtimeFolder)/packets",
                    "-object", "filter-mirror,id=mirror0,netdev=net0,queue=all,outdev=packets",
                    "-qmp", "unix:\(plan.guest.runtimeFolder)/s/qmp,server,nowait", "-no-reboot",
                    "-kernel", "\(home)/images/tiny/vmlinuz", "-initrd", "\(home)/images/tiny/initrd",
                    "-append", "console=ttyS0 quiet",
                    "-panda", "recctrl:session_rec=y,nrec=0;other:a=b", "-complete-rr-snapshot",
                ]
            )
        }
    }

    @Test func aListOfDestinationsPutsAFilterBetweenGuestAndNetwork() async throws {
        try await withHome { planner, home in
            var request = request(in: home)
            request.guest.egress = .allowed(["10.0.2.2:8080/tcp", "dns"])
            let plan = try await planner.plan(request)
            let words = plan.record.command.arguments
            #expect(words.contains("user,id=net0"))
            let objects = zip(words, words.dropFirst()).filter { $0.0 == "-object" }.map(\.1)
            #expect(
                objects == [
                    "filter-redirector,id=gate0,netdev=net0,queue=rx,outdev=outward,indev=back",
                    "filter-mirror,id=mirror1,netdev=net0,queue=tx,outdev=inward",
                    "filter-mirror,id=mirror0,netdev=net0,queue=all,outdev=packets",
                ]
            )
            if plan.record.confined {
                let ports = zip(words, words.dropFirst()).filter { $0.0 == "--connect" }.map(\.1)
                #expect(ports == ["53", "8080"])
            }
            request.guest.egress = .allowed(["10.0.2.2:http"])
            await #expect { try await planner.plan(request) } throws: {
                "\($0)".contains("'http' for its ports")
            }
        }
    }

    @Test func aLongRunIdFitsAndTwoRunsOfOneIdKeepTheirSocketsApart() async throws {
        try await withHome { planner, home in
            var request = request(in: home)
            request.runID = String(repeating: "x", count: 100)
            let first = try await planner.plan(request)
            request.collection = home / "others"
            let second = try await planner.plan(request)
            #expect(first.guest.runtimeFolder != second.guest.runtimeFolder)
            #expect(first.guest.runtime.packets.byteCount <= UnixListener.longestPath)
        }
    }

    private func bundle(in home: HostPath) throws -> BundleRequest {
        try FileSystem.createDirectory(home / "bundle/scripts")
        try FileSystem.write("#!/bin/sh\n", to: home / "bundle/scripts/vm_10_a.sh", mode: 0o755)
        return BundleRequest(
            bundle: try BootstrapBundle(home / "bundle", in: try Installation.locate()),
            variables: try Variables(files: [], environment: [:], settings: ["A=1"])
        )
    }

    @Test(arguments: [
        (GuestImage.Agent.serial, false, BundlePlan.Delivery.archive), (.serial, true, .volume),
        (.usb, true, .volumeAtBoot),
    ])
    func aBundleGoesToTheGuestInTheWayThatItTakes(
        _ agent: GuestImage.Agent,
        _ hasDisk: Bool,
        _ delivery: BundlePlan.Delivery
    ) async throws {
        let disk = hasDisk ? GuestImage.File(name: "base.qcow2", sha256: "04") : nil
        try await withHome(agent: agent, disk: disk) { planner, home in
            var request = request(in: home)
            request.guest.bundle = try bundle(in: home)
            request.guest.forwards = [try PortForward("sftp:0")]
            let plan = try await planner.plan(request)
            let bundle = try #require(plan.guest.bundle)
            #expect(bundle.delivery == delivery)
            #expect(bundle.record.settings == ["A": "1"] && bundle.record.scripts.map(\.name) == ["10_a.sh"])
            let ports = plan.record.forwards
            #expect(
                bundle.values == [
                    "A": "1", "RUN_ID": "r1", "RUN_USER": "visitor",
                    "RUN_SSH_PORT": "\(ports.hostPort(of: 22) ?? 0)",
                    "RUN_SFTP_PORT": "\(ports.hostPort(of: 2222) ?? 0)",
                ]
            )
            #expect(plan.record.bundle == bundle.record)
            let isAtBoot = plan.record.command.arguments.contains { $0.hasPrefix("usb-storage") }
            #expect(isAtBoot == (delivery == .volumeAtBoot))
        }
    }

    @Test func aGuestThatTakesNothingCannotBeHandedABundle() async throws {
        try await withHome(agent: .none) { planner, home in
            var request = request(in: home)
            request.trigger = .login
            request.command = []
            request.guest.bundle = try bundle(in: home)
            let failure = await #expect(throws: Failure.self) { _ = try await planner.plan(request) }
            #expect(failure?.code == .unavailable)
            #expect(failure?.message.contains("cannot be handed a bundle") == true)
        }
    }

    @Test func whatWouldFailIsFoundBeforeAnythingIsStarted() async throws {
        try await withHome { planner, home in
            try FileSystem.createDirectory(home / "traces/runs/taken")
            let cases: [(Failure.Code, String, (inout CaptureRequest) -> Void)] = [
                (.cannotCreate, "'taken'", { $0.runID = "taken" }), (.usage, "../x", { $0.runID = "../x" }),
                (.notFound, "huge", { $0.guest.image = "huge" }),
                (.usage, "of memory", { $0.guest.memory = ByteSize(bytes: (64 << 20) + 1) }),
                (.usage, "of memory", { $0.guest.memory = .mebibytes(8) }),
                (.usage, "does not fit", { $0.guest.memory = .mebibytes(1 << 40) }),
                (.cannotCreate, "need", { $0.guest.reserve = ByteSize(bytes: 1 << 62) }),
                (.unavailable, "nosuch", { $0.guest.plugins = ["nosuch"] }),
                (.usage, "recctrl", { $0.guest.plugins = ["recctrl"] }),
                (.usage, "no plugin", { $0.guest.plugins = ["other;x"] }),
                (.usage, "no plugin", { $0.guest.plugins = ["../x"] }),
                (.usage, "no plugin", { $0.guest.plugins = [":a=b"] }),
            ]
            for (code, words, change) in cases {
                var request = request(in: home)
                change(&request)
                let failure = await #expect(throws: Failure.self) { _ = try await planner.plan(request) }
                #expect(failure?.code == code)
                #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
            }
        }
    }
}
