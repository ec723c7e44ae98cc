import Foundation
import GuestImages
import HostSupport
import RunRecords
import TestSupport
import Testing

/// The original's command line, with the real engine and a guest on a disk that records by itself.
@Suite("The original's wrapper", .serialized)
struct OriginalTests {
    private static let limits = "recctrl:session_rec=y,nrec=1,timeout=600"

    @Test(
        "D1, D2, D4, D9, D12: rec takes the original's words in their order, and paths with spaces and quotes"
    )
    func rec() async throws {
        try await withPlainDisk { pandacap, guest, folder in
            let before = try await Digest.sha256(guest.disk)
            let (_, status) = try await pandacap.beside(
                [
                    "-vv", "--run-id=7", "-m128", "-d", guest.disk.string, "-o", "out it's", "rec",
                    "--panda=\(Self.limits)",
                ]
                    + guest.boot,
                in: folder
            ) { _ = try await $0.exit(within: .seconds(300)) }
            #expect(status == .exited(0), "\(words(of: folder))")
            let (record, files) = try onlyRun(in: folder / "out it's")
            #expect(record.id.description == "00007" && record.state == .verified && record.trigger == .guest)
            #expect(record.recordings.map(\.name) == ["plain_000"])
            #expect(record.machine.memory == .mebibytes(128) && record.commands.isEmpty)
            #expect(record.image.disk == guest.disk && record.image.digest == before)
            #expect(record.warnings.isEmpty && record.bootstrap == nil && record.start.reachable == nil)
            #expect(record.command.arguments.contains("user,id=net0,restrict=on"))
            let chain = try await Tool("qemu-img").run(["info", "--output=json", files.disk.string])
            #expect(chain.contains(#""backing-filename-format": "qcow2""#))
            #expect(try await Digest.sha256(guest.disk) == before)
            // Its name is taken now, whatever the guest would write to.
            for more in [[], ["--no-derive"]] {
                let again = try await Tool(Pandacap.program.string).output(
                    ["--run-id=7", "-d", guest.disk.string, "-o", "out it's", "rec"] + more,
                    environment: ["PANDACAP_HOME": pandacap.home.string],
                    workingDirectory: folder
                )
                #expect(again.status == .exited(73), "\(again.standardError)")
            }
            try await replays(record, files, pandacap, folder)
        }
    }

    /// D8, in the same run, for a guest takes long to boot.
    private func replays(_ record: RunRecord, _ files: RunFolder, _ pandacap: Pandacap, _ folder: HostPath)
        async throws
    {
        // Somebody else's recording has no run around it.
        let bare = folder / "somebody's"
        try FileSystem.createDirectory(bare)
        for name in FileSystem.list(files.recordings) {
            try FileSystem.copy(files.recordings / name, to: bare / name)
        }
        let replayed = try await pandacap(
            "-m128",
            "repl",
            "-o",
            "replayed",
            "--rr",
            (bare / "plain_000").string,
            "--panda",
            "recctrl:session_rec=y,nrec=1;coverage:filename=blocks.csv",
            "--plog",
            "my.plog",
            in: folder
        )
        #expect(replayed.status == .exited(0), "\(replayed.standardError)")
        #expect(replayed.standardOutput.contains("replayed to its end"))
        #expect(FileSystem.list(folder / "replayed") == ["blocks.csv", "my.plog", "plain_000.log"])
        let small = try await pandacap("-m64", "repl", "--rr", (bare / "plain_000-rr-snp").string, in: folder)
        #expect(small.status == .exited(65))
        #expect(small.standardError.contains("recorded with 128.0 MiB of memory"))
        let own = try await pandacap(
            "-o",
            "out it's",
            "repl",
            "--rr",
            "00007",
            "--trust-machine",
            "--dry-run",
            "-D:0",
            in: folder
        )
        #expect(own.status == .exited(0), "\(own.standardError)")
        #expect(own.standardError == "warning: --display plays no part in this replay\n")
        #expect(own.standardOutput.contains("-replay") && own.standardOutput.contains("plain_000"))
        #expect(try await pandacap("repl", in: folder).status == .exited(66))
    }

    @Test(
        "rec hands a folder over on a USB disk that is gone before the recording, and tells the guest's system"
    )
    func usbDisk() async throws {
        try await withPlainDisk { pandacap, guest, folder in
            let bundle = folder / "vm it's"
            try FileSystem.createDirectory(bundle / "files")
            try FileSystem.write("it's é\n", to: bundle / "files/a b")
            try FileSystem.write(
                "#!/bin/busybox sh\nbusybox cat 'files/a b'\necho kept > written && busybox cat written\nexit ${CODE:-0}\n",
                to: bundle / "bootstrap.sh",
                mode: 0o755
            )
            let (_, status) = try await pandacap.beside(
                ["-m128", "-d", guest.disk.string, "rec", "--usbdisk", "vm it's", "--panda", Self.limits]
                    + ["--os", "linux-32-ubuntu:4.4.200-170-generic", "--plog", "my.plog"]
                    + ["--nic", "-device pcnet,netdev=unet0"] + guest.boot,
                in: folder
            ) { _ = try await $0.exit(within: .seconds(300)) }
            #expect(status == .exited(0), "\(words(of: folder))")
            let (record, files) = try onlyRun(in: folder)
            #expect(record.state == .verified && record.bootstrap?.status == 0)
            #expect(record.bootstrap?.output == ["it's é", "kept"])
            #expect(record.machine.networkDevice == ["-device", "pcnet,netdev=net0"])
            #expect(words(of: folder).contains("warning: '-device pcnet,netdev=net0': the e1000 is the only"))
            try await Tool("/usr/bin/python3").run([
                "-c",
                "import json, sys, jsonschema; jsonschema.validate(*[json.load(open(f)) for f in sys.argv[1:]])",
                files.record.string, (try Installation.locate().root / "docs/run.schema.json").string,
            ])
            // D5: both have an effect.
            #expect(record.command.arguments.contains("linux-32-ubuntu:4.4.200-170-generic"))
            #expect(FileSystem.exists(files.recordings / "my.plog"))
            // What the guest prints right before it records.
            let console = try FileSystem.readText(files.console)
            #expect(console.contains("/sys/block:\nsda") || console.contains("/sys/block:\r\nsda"))
            #expect(FileSystem.list(bundle) == ["bootstrap.sh", "files"])
            let lacking = try await pandacap(
                "-d",
                guest.disk.string,
                "rec",
                "--usbdisk-dir",
                (bundle / "files").string,
                "--dry-run",
                in: folder
            )
            try FileSystem.setMode(bundle / "bootstrap.sh", 0o644)
            let still = try await pandacap(
                "-d",
                guest.disk.string,
                "rec",
                "--usbdisk-dir",
                bundle.string,
                "--dry-run",
                in: folder
            )
            #expect(still.status == .exited(64) && still.standardError.contains("may not be run"))
            #expect(lacking.status == .exited(66) && lacking.standardError.contains("has no bootstrap.sh"))
        }
    }

    @Test("a guest that never takes its USB disk fails with what to do about it")
    func usbDiskIsIgnored() async throws {
        try await withLab { pandacap, folder in
            let bundle = folder / "vm"
            try FileSystem.createDirectory(bundle)
            try FileSystem.write("exit 0\n", to: bundle / "bootstrap.sh", mode: 0o755)
            // Nothing boots from it.
            try await Tool("qemu-img").run([
                "create", "-q", "-f", "qcow2", (folder / "empty.qcow2").string, "8M",
            ])
            let output = try await pandacap(
                "-d",
                "empty.qcow2",
                "-m64",
                "rec",
                "--usbdisk-dir",
                "vm",
                "--ready-timeout",
                "3s",
                in: folder
            )
            #expect(output.status == .exited(76))
            #expect(
                output.standardError.contains("did not run bootstrap.sh from the disk labelled 'bootstrap'")
            )
            let (record, _) = try onlyRun(in: folder)
            #expect(record.state == .failed)
            #expect(record.warnings.contains { $0.contains("empty.qcow2 is writable") })
        }
    }

    @Test("rec --no-derive and maint write to the disk itself, one at a time")
    func disk() async throws {
        try await withPlainDisk { pandacap, guest, folder in
            let disk = folder / "own.qcow2"
            try FileSystem.copy(guest.disk, to: disk)
            let refused = try await pandacap("-d", disk.string, "maint", "--no-kvm", in: folder)
            #expect(refused.status == .exited(77), "it is read-only: \(refused.standardError)")
            try FileSystem.setMode(disk, 0o644)
            let before = try await Digest.sha256(disk)
            let (_, status) = try await pandacap.beside(
                ["-d", disk.string, "maint", "--no-kvm"] + guest.boot,
                in: folder
            ) { child in
                let isLocked = try await poll(for: .seconds(60)) {
                    (try? FileLock(unlessHeld: disk)) == nil ? true : nil
                }
                #expect(isLocked == true)
                let other = try await pandacap("-m128", "-d", disk.string, "rec", "--no-derive", in: folder)
                #expect(other.status == .exited(75), "\(other.standardError)")
                #expect(other.standardError.contains("another run writes to the disk"))
                _ = try await child.exit(within: .seconds(300))
            }
            #expect(status == .exited(0), "\(words(of: folder))")
            #expect(FileSystem.list(folder).filter { $0.hasSuffix(".maintained") } == [])
            let after = try await Digest.sha256(disk)
            #expect(after != before)
            let (_, recorded) = try await pandacap.beside(
                ["-m128", "-d", disk.string, "-o", "t", "rec", "--no-derive", "--panda", Self.limits]
                    + guest.boot,
                in: folder
            ) { _ = try await $0.exit(within: .seconds(300)) }
            #expect(recorded == .exited(0), "\(words(of: folder))")
            let (record, files) = try onlyRun(in: folder / "t")
            #expect(record.state == .verified && !FileSystem.exists(files.disk))
            #expect(record.image.digest == after)
            #expect(record.warnings.contains { $0.contains("the guest writes to") })
            #expect(try await Digest.sha256(disk) != after)
        }
    }

    @Test("Ctrl-C presses the power button of a disk that is maintained, and once more pulls its plug")
    func plug() async throws {
        try await withLab { pandacap, folder in
            try await Tool("qemu-img").run([
                "create", "-q", "-f", "qcow2", (folder / "empty.qcow2").string, "8M",
            ])
            let (_, status) = try await pandacap.beside(
                ["-d", "empty.qcow2", "maint", "--no-kvm"],
                in: folder
            ) {
                child in
                func wait(for words: String) async throws {
                    let said = try await poll(for: .seconds(60)) { () -> Bool? in
                        (try? FileSystem.readText(folder / "stderr.txt"))?.contains(words) == true
                            ? true : nil
                    }
                    #expect(said == true)
                }
                try await wait(for: "waiting until it is powered off")
                child.signal(SIGINT)
                try await wait(for: "shutting the guest down")
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(76) && words(of: folder).contains("plug was pulled"))
            #expect(FileSystem.list(folder).filter { $0.hasPrefix(".") } == [])
        }
    }

    @Test("D3: rec exits with what became of the engine")
    func engineDies() async throws {
        try await withLab { pandacap, folder in
            let (_, status) = try await pandacap.beside(["-d", "tiny-i386", "rec"], in: folder) { child in
                let isWaiting = try await poll(for: .seconds(120)) {
                    words(of: folder).contains("waiting for the guest to record") ? true : nil
                }
                #expect(isWaiting == true)
                try await killEngine(of: folder, SIGKILL)
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(71), "\(words(of: folder))")
            let (record, _) = try onlyRun(in: folder)
            #expect(
                record.state == .failed && record.warnings == ["the engine was ended by SIGKILL by itself"]
            )
        }
    }

    @Test("D6, D7, D10, D11: what is wrong is named, and a container is planned")
    func containers() async throws {
        try await withEngineImage(.docker) { pandacap, image, folder in
            try await Tool("qemu-img").run([
                "create", "-q", "-f", "qcow2", (folder / "a b.qcow2").string, "8M",
            ])
            let scope = try await pandacap("--port-fwd", "22:0:x:tcp", "-d", "a b.qcow2", "rec", in: folder)
            #expect(scope.status == .exited(64) && scope.standardError.contains("scope 'x'"))
            for mode in ["rec", "maint"] {
                let words = ["--docker-port-fwd", "80:8080:*:tcp", "-d", "a b.qcow2", mode]
                let plan = try await pandacap(["--docker-image", image] + words + ["--dry-run"], in: folder)
                #expect(plan.status == .exited(0), "\(plan.standardError)")
                #expect(plan.standardOutput.contains("--publish 0.0.0.0:8080:80/tcp"))
                #expect(plan.standardOutput.contains("dst=/opt/panda/share/rr "))
                #expect(plan.standardOutput.contains("dst=/opt/panda/share/qcow,readonly"))
                let refused = try await pandacap(["--docker-image", "pandacap-none"] + words, in: folder)
                #expect(refused.status == .exited(66))
                #expect(refused.standardError.contains("no container image 'pandacap-none'"))
            }
            #expect(FileSystem.list(folder) == ["a b.qcow2"])
            // An image is maintained in its own way.
            let image = try await pandacap("-d", "tiny-i386", "maint", "--dry-run", in: folder)
            #expect(
                image.status == .exited(64)
                    && image.standardError.contains("the image 'tiny-i386' has no disk")
            )
            let own = try await pandacap("-d", "tiny-i386", "rec", "--no-derive", in: folder)
            #expect(own.status == .exited(64) && own.standardError.contains("image maintain tiny-i386"))
            let other = try await pandacap("-t", "arm", "-d", "tiny-i386", "rec", in: folder)
            #expect(other.status == .exited(64) && other.standardError.contains("is of i386, not of arm"))
            let display = try await pandacap("-D", ":4711", "-d", "a b.qcow2", "rec", in: folder)
            #expect(
                display.status == .exited(69)
                    && display.standardError.contains("no X server at the display :4711")
            )
        }
    }

    @Test("record --guest-triggered without a command waits for the guest, and Ctrl-C ends that")
    func waits() async throws {
        try await withLab { pandacap, folder in
            let (_, status) = try await pandacap.beside(
                [
                    "record", "tiny-i386", "--guest-triggered", "-o", (folder / "t").string, "--engine-arg",
                    "-device",
                ]
                    + ["--engine-arg", "rtl8139"],
                in: folder
            ) { child in
                let isWaiting = try await poll(for: .seconds(120)) {
                    words(of: folder).contains("waiting for the guest to record") ? true : nil
                }
                #expect(isWaiting == true)
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(130))
            #expect(
                words(of: folder).contains("warning: '-device rtl8139': the e1000 is the only network device")
            )
            let (record, _) = try onlyRun(in: folder / "t")
            #expect(record.reason == "the run was interrupted; nothing was recorded")
        }
    }
}
