import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A Debian guest with a disk", .serialized)
struct DebianTests {
    @Test("is resumed, recorded through PAM and replayed; processes have names; its disk is the run's own")
    func resumed() async throws {
        try await withDebian("debian-12") { pandacap, image, folder in
            let output = try await pandacap(
                "record",
                image,
                "-o",
                folder.string,
                "--hostname",
                "mail",
                "--",
                "sh",
                "-c",
                "hostname; cat /etc/machine-id; ls /etc/ssh/*_key; echo kept > /root/note; sort /etc/passwd"
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            let (record, files) = try onlyRun(in: folder)
            #expect(record.state == .verified)
            #expect(record.start.warmState != nil)
            let said = try FileSystem.readText(files.standardOutput)
            #expect(said.hasPrefix("mail\n"))
            #expect(said.contains("ssh_host_rsa_key"))
            #expect(record.osProfile?.os?.hasPrefix("linux-64-debian:5.10") == true)
            let chain = try await Tool("qemu-img").run([
                "info", "--backing-chain", "--output=json", files.disk.string,
            ])
            #expect(chain.contains(#""backing-filename": "../../disks/"#))
            let replay = try await pandacap(
                "replay",
                files.path.string,
                "--plugin",
                "asidstory",
                "--output",
                (folder / "out").string
            )
            #expect(replay.status == .exited(0), "\(replay.standardError)")
            let story = try FileSystem.readText(folder / "out/asidstory")
            #expect(story.contains("sort") && story.contains("sshd"))
            // A collection is whole by itself: it replays, and its disks lead to each other, wherever it is moved.
            try FileSystem.rename(folder / "disks", to: folder / "elsewhere-disks")
            try FileSystem.createDirectory(folder / "moved")
            try FileSystem.rename(folder / "elsewhere-disks", to: folder / "moved/disks")
            try FileSystem.rename(folder / "runs", to: folder / "moved/runs")
            let disk = folder / "moved/runs/\(record.id)/disk.qcow2"
            try await Tool("qemu-img").run(["check", "-q", disk.string])
        }
    }

    @Test("is maintained: what is changed in it becomes its next version, but for what tells guests apart")
    func maintained() async throws {
        try await withDebian("debian-12") { pandacap, debian, folder in
            try await withCopy(of: debian, in: pandacap) { image in
                let before = try FileSystem.readText(pandacap.home / "images/\(image)/image.json")
                let dropped = try await pandacap(
                    "image",
                    "maintain",
                    image,
                    "--drop",
                    "--",
                    "touch",
                    "/root/dropped"
                )
                #expect(dropped.status == .exited(0), "\(dropped.standardError)")
                #expect(try FileSystem.readText(pandacap.home / "images/\(image)/image.json") == before)
                let kept = try await pandacap(
                    "image",
                    "maintain",
                    image,
                    "--",
                    "sh",
                    "-c",
                    "free -m | grep Mem; echo maintained > /root/kept; ls /root"
                )
                #expect(kept.status == .exited(0), "\(kept.standardError)")
                #expect(kept.standardOutput.contains("image \(image) is now version 2"))
                #expect(!kept.standardOutput.contains("dropped"))
                let megabytes = kept.standardOutput.firstMatch(of: /Mem: +(\d+)/).flatMap { Int($0.1) } ?? 0
                #expect(megabytes > 3500, "at least 4 GiB: \(kept.standardOutput)")
                let run = try await pandacap(
                    "record",
                    image,
                    "-o",
                    folder.string,
                    "--",
                    "sh",
                    "-c",
                    "cat /root/kept; ls -a /root; wc -c < /etc/machine-id"
                )
                #expect(run.status == .exited(0), "\(run.standardError)")
                let (record, files) = try onlyRun(in: folder)
                #expect(record.start.warmState == nil, "the former version's states are gone")
                let said = try FileSystem.readText(files.standardOutput)
                #expect(said.hasPrefix("maintained\n"))
                try await checkStripped(pandacap.home / "images/\(image)/base.qcow2", folder)
            }
        }
    }

    /// Neither the keys of the guest that was maintained nor the key that logged in are in the new version.
    private func checkStripped(_ disk: HostPath, _ folder: HostPath) async throws {
        let raw = folder / "raw.img"
        try await Tool("qemu-img").run(["convert", "-O", "raw", disk.string, raw.string])
        func list(_ path: String) async throws -> String {
            try await Tool("debugfs").run(["-R", "ls -p \(path)", raw.string])
        }
        #expect(!(try await list("/etc/ssh")).contains("ssh_host_"))
        #expect(!(try await list("/root")).contains("/.ssh/"))
        #expect(try await Tool("debugfs").run(["-R", "cat /etc/machine-id", raw.string]).isEmpty)
    }

    /// Its agent finds the disk by its label, as the script of guests that were prepared for the original does.
    @Test(
        "is imported as a disk from elsewhere, and prepared from a USB disk that is gone before it is recorded"
    )
    func imported() async throws {
        try await withDebian("debian-12") { pandacap, image, folder in
            let original = pandacap.home / "images/\(image)"
            let name = "imported-\(UUID().uuidString.prefix(8))"
            defer { try? FileSystem.remove(pandacap.home / "images/\(name)") }
            let imported = try await pandacap(
                "image",
                "import",
                (original / "base.qcow2").string,
                "--name",
                name,
                "--kernel",
                (original / "vmlinuz").string,
                "--initrd",
                (original / "initrd").string,
                "--append",
                "root=/dev/sda rw console=ttyS0 panic=-1 mitigations=off net.ifnames=0",
                "--memory",
                "256M",
                "--ssh-user",
                "root",
                "--agent",
                "usb",
                "--ready-timeout",
                "400"
            )
            #expect(imported.status == .exited(0), "\(imported.standardError)")
            let output = try await pandacap(
                "record",
                name,
                "-o",
                folder.string,
                "--",
                "sh",
                "-c",
                "ls /sys/bus/usb/devices; ls /dev/disk/by-label; uname -r"
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            let (record, files) = try onlyRun(in: folder)
            #expect(record.state == .verified)
            #expect(record.bootstrap?.status == 0)
            #expect(record.command.arguments.contains("usb-storage,id=bootstrap,drive=bootstrap"))
            let said = try FileSystem.readText(files.standardOutput)
            #expect(said.contains("usb1") && !said.contains("bootstrap"), "\(said)")
            let diff = try await pandacap("image", "diff", files.path.string, "--json")
            #expect(diff.status == .exited(0), "\(diff.standardError)")
        }
    }

    @Test("lets anybody in who tries, as a honeypot, and records the session")
    func honeypot() async throws {
        try await withDebian("ssh-honeypot") { pandacap, image, folder in
            let visits = try await visiting(["record", image, "--login"], pandacap, folder) { ports, _ in
                let way = "curl -m 3 -sS http://10.0.2.2/ 2>&1 | head -c 80"
                return [try await Visitor(port: ports.hostPort(of: 22)).run("ssh", "id; \(way)")]
            }
            let said = visits[0].standardOutput
            #expect(said.hasPrefix("uid=0(root)"), "\(said) \(words(of: folder))")
            #expect(!said.contains("<html"), "there is no way out")
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified && record.recordings.count == 1)
        }
    }

    @Test("of 32 bits, which has no profile")
    func i386() async throws {
        try await withDebian("debian-12-i386") { pandacap, image, folder in
            let output = try await pandacap("record", image, "-o", folder.string, "--", "uname", "-m")
            #expect(output.status == .exited(0), "\(output.standardError)")
            let (record, files) = try onlyRun(in: folder)
            #expect(record.state == .verified && record.start.warmState != nil)
            #expect(try FileSystem.readText(files.standardOutput) == "i686\n")
            #expect(record.osProfile?.reason?.contains("BTF") == true)
        }
    }
}

/// Images of Debian with a warm state each, made once.
actor DebianLab {
    static let shared = DebianLab()

    private var images: [String: Task<Void, any Error>] = [:]

    /// Builds an image and saves a warm state of it.
    func ready(_ image: String, in pandacap: Pandacap) async throws {
        let task = images[image] ?? Task { try await Self.prepare(image, pandacap) }
        images[image] = task
        try await task.value
    }

    private static func prepare(_ image: String, _ pandacap: Pandacap) async throws {
        let isSmall = image.hasSuffix("-i386")
        let recipe = isSmall ? String(image.dropLast("-i386".count)) : image
        for command in [
            ["image", "build", recipe, "--arch", isSmall ? "i386" : "x86_64"],
            ["image", "warm", image, "--replace"],
        ] {
            let output = try await Tool(Pandacap.program.string).output(
                command,
                environment: ["PANDACAP_HOME": pandacap.home.string]
            )
            guard output.status == .exited(0) else {
                throw Failure(.unavailable, "'pandacap \(shellLine(command))': \(output.standardError)")
            }
        }
    }
}

/// The program with an image of Debian that has a warm state, and an empty folder that is gone when the test is over.
func withDebian(_ image: String, _ body: (Pandacap, String, HostPath) async throws -> Void) async throws {
    try await withLab { pandacap, folder in
        try await DebianLab.shared.ready(image, in: pandacap)
        try await body(pandacap, image, folder)
    }
}
