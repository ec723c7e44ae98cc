import DebianPackages
import Foundation
import HostSupport
import LinuxKernel
import RunRecords
import TestSupport
import Testing

@Suite("A kernel's profile", .serialized)
struct KernelProfileTests {
    /// The lines of a `kernelinfo.conf` that are no comments, but for the one that a boot decides, and those that are
    /// for our own plugins.
    private func values(_ text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").map(String.init)
                .filter {
                    !$0.hasPrefix("#") && !$0.hasPrefix("x.") && !$0.hasPrefix("task.per_cpu_offset_0_addr")
                }
        )
    }

    @Test("of Debian 11's kernel is that of the running kernel, key by key")
    func bullseye() async throws {
        let apt = AptRoot(
            cache: Storage.cache,
            suites: ["bullseye"],
            architecture: "amd64",
            installed: .nothing,
            console: Console(.quiet)
        )
        try await apt.update()
        let name = "linux-image-5.10.0-32-amd64"
        let package = try #require(try await apt.download([name]).first)
        try await withScratch { folder in
            try await AptRoot.unpack(package.file, into: folder / "kernel")
            let kernel = folder / "kernel/boot/vmlinuz-5.10.0-32-amd64"
            let profile = try KernelProfile(vmlinux: try await KernelImage.vmlinux(of: kernel))
            #expect(values(profile.configuration()) == values(bullseyeKernel))
        }
    }

    @Test("goes with each trace, and a replay under asidstory names the guest's processes")
    func trace() async throws {
        try await withLab { pandacap, folder in
            let recorded = try await pandacap(
                "record",
                "tiny",
                "-o",
                folder.string,
                "--",
                "sh",
                "-c",
                "ls / | sort; sleep 0"
            )
            #expect(recorded.status == .exited(0), "\(recorded.standardError)")
            let (record, files) = try onlyRun(in: folder)
            let system = try #require(record.osProfile?.os, "\(record.osProfile?.reason ?? "")")
            #expect(system.hasPrefix("linux-64-debian:6.1."))
            let configuration = try FileSystem.readText(files.kernelInformation)
            #expect(configuration.hasPrefix("[\(system.dropFirst("linux-64-".count)):64]\n"))

            // What the image says of the recording's snapshot is what the trace has.
            let snapshot = try #require(record.recordings.first?.snapshot)
            let output = try await pandacap(
                "image",
                "profile",
                "tiny",
                "--conf",
                "--snapshot",
                (files.recordings / snapshot.name).string
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput == configuration)

            // Moved to where commas and colons would be taken for separators.
            let place = folder / "a,b:c;d e"
            try FileSystem.createDirectory(place)
            try FileSystem.rename(files.path, to: place / "moved")
            let replayed = try await pandacap(
                "replay",
                (place / "moved").string,
                "--plugin",
                "asidstory",
                "--output",
                (folder / "out").string
            )
            #expect(replayed.status == .exited(0), "\(replayed.standardOutput) \(replayed.standardError)")
            let story = try FileSystem.readText(folder / "out/asidstory")
            for name in ["ls", "sort", "dropbear"] { #expect(story.contains("\(name) "), "\(story)") }
        }
    }

    @Test("reaches a replay with plugins alone")
    func arguments() async throws {
        try await withLab { pandacap, folder in
            let recorded = try await pandacap(
                "record",
                "tiny",
                "-o",
                folder.string,
                "--no-verify",
                "--",
                "true"
            )
            #expect(recorded.status == .exited(0), "\(recorded.standardError)")
            let (record, files) = try onlyRun(in: folder)
            let release = try #require(record.osProfile?.os?.split(separator: ":").last)
            let plain = try await pandacap("replay", files.path.string, "--dry-run")
            #expect(!plain.standardOutput.contains("-os"))
            let plugin = try await pandacap("replay", files.path.string, "--plugin", "osi_test", "--dry-run")
            let expected = [
                "-os linux-64-debian:\(release)",
                "-panda-arg osi_linux:kconf_file=\(files.kernelInformation)",
                "-panda-arg osi_linux:kconf_group=debian:\(release):64", "-panda-arg syscalls2:load-info=1",
            ]
            #expect(
                plugin.standardOutput.contains(expected.joined(separator: " ")),
                "\(plugin.standardOutput)"
            )
            // Without the last of them asidstory, which loads osi_linux, would leave the other no names of system calls.
            let calls = try await pandacap(
                "replay",
                files.path.string,
                "--plugin",
                "asidstory",
                "--plugin",
                "syscalls_logger",
                "--output",
                (folder / "out").string
            )
            #expect(calls.status == .exited(0), "\(calls.standardOutput)")
            let recording = try #require(record.recordings.first)
            let log = try FileSystem.readText(folder / "out/\(recording.name).log")
            #expect(log.contains("name=recorded-login]"))
            #expect(log.contains("rt_sigaction("))
        }
    }

    @Test("is told with a reason where a kernel has none, and its recordings are as good as any")
    func none() async throws {
        try await withLab { pandacap, folder in
            let output = try await pandacap("image", "profile", "tiny-i386")
            #expect(output.status == .exited(69))
            #expect(output.standardError.contains("it has no BTF"))
            #expect(output.standardError.contains("-dbg package"))
            let recorded = try await pandacap("record", "tiny-i386", "-o", folder.string, "--", "true")
            #expect(recorded.status == .exited(0), "\(recorded.standardError)")
            let (record, files) = try onlyRun(in: folder)
            #expect(record.warnings.isEmpty)
            #expect(record.osProfile?.os == nil)
            #expect(record.osProfile?.reason?.contains("no BTF") == true)
            #expect(!FileSystem.exists(files.kernelInformation))
        }
    }

    @Test("of an image is shown, kept, and not taken from a snapshot of another guest")
    func image() async throws {
        try await withLab { pandacap, folder in
            let output = try await pandacap("image", "profile", "tiny", "--json")
            #expect(output.status == .exited(0), "\(output.standardError)")
            let object =
                try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any]
            let profile = try #require(object?["profile"] as? [String: Any])
            #expect(profile["machine"] as? String == "x86_64")
            #expect(FileSystem.exists(pandacap.home / "images/tiny/kernelprofile.json"))
            let text = try await pandacap("image", "profile", "tiny")
            #expect(text.standardOutput.contains("init_task at 0xffffffff8"))
            try FileSystem.write("no snapshot", to: folder / "x")
            let wrong = try await pandacap("image", "profile", "tiny", "--snapshot", (folder / "x").string)
            #expect(wrong.status == .exited(65))
            #expect(wrong.standardError.contains("byte 0"))
            let missing = try await pandacap("image", "profile", "tiny", "--snapshot", "/nonesuch")
            #expect(missing.status == .exited(66))
        }
    }
}
