import DebianPackages
import Foundation
import GuestImages
import HostSupport
import TestSupport
import Testing

@Suite("Images with a disk", .serialized)
struct DiskImageTests {
    private static let recipe = """
        schema: 1
        name: small
        description: As little as a disk can have
        suite: bookworm
        architectures:
          - {architecture: x86_64, kernelPackage: linux-image-amd64, memory: 128M}
        disk: {size: 512M}
        packages: [usr-is-merged, busybox]
        modules: [ata_piix, sd_mod, ext4]
        users: [{name: visitor, uid: 1234, groups: [adm]}]
        files: [{source: note, path: /etc/note, mode: 0640}]
        scripts: [script]
        append: root=/dev/sda rw console=ttyS0
        sshUser: root
        agent: none

        """

    /// Builds a recipe in a home of its own.
    private func build(
        _ recipe: String,
        script: String = "#!/bin/sh\necho scripted >/etc/scripted\n",
        as name: String = "small",
        in folder: HostPath
    ) async throws -> ToolOutput {
        try FileSystem.write(recipe, to: folder / "small.yaml")
        try FileSystem.write("noted\n", to: folder / "note")
        try FileSystem.write(script, to: folder / "script")
        let pandacap = Pandacap(home: folder / "home")
        return try await pandacap("image", "build", "./small.yaml", "--name", name, in: folder)
    }

    /// What debugfs says about the disk of an image.
    private func look(_ command: String, at disk: HostPath) async throws -> String {
        let output = try await Tool("debugfs", package: "e2fsprogs").output(["-R", command, disk.string])
        return output.standardOutput + output.standardError
    }

    @Test("are the same when built twice, read-only, and hold nothing that tells two guests apart")
    func build() async throws {
        try await withScratch { folder in
            for name in ["one", "two"] {
                let output = try await build(Self.recipe, as: name, in: folder)
                try #require(output.status == .exited(0), "\(output.standardError)")
            }
            let store = ImageStore(home: folder / "home")
            let image = try store.load("one")
            #expect(try image.digest == store.load("two").digest)
            #expect(image.agent == .none)
            #expect(image.files.map(\.name) == ["vmlinuz", "initrd", "base.qcow2"])
            #expect(Set(image.packages.map(\.name)).isSuperset(of: ["busybox", "busybox-static", "dpkg"]))
            for file in image.files {
                let path = store.path(of: file, in: image)
                #expect(try await Digest.sha256(path) == file.sha256)
                let mode = try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions]
                #expect((mode as? NSNumber)?.intValue == 0o444)
            }

            let raw = folder / "raw"
            let disk = store.folder(of: image) / "base.qcow2"
            try await Tool("qemu-img").run(["convert", "-O", "raw", disk.string, raw.string])
            #expect(FileSystem.size(raw) == 512 << 20)
            try await Tool("e2fsck", package: "e2fsprogs").run(["-f", "-n", raw.string])
            #expect(try await look("cat /etc/note", at: raw).contains("noted"))
            #expect(try await look("stat /etc/note", at: raw).contains("0640"))
            #expect(try await look("cat /etc/scripted", at: raw).contains("scripted"))
            #expect(try await look("cat /etc/passwd", at: raw).contains("visitor:x:1234:"))
            #expect(try await look("stat /etc/machine-id", at: raw).contains("Size: 0"))
            #expect(try await look("stat /pandacap-build", at: raw).contains("File not found"))
            let modules = "/usr/lib/modules/\(try #require(image.kernelRelease))/modules.dep"
            #expect(try await look("cat \(modules)", at: raw).contains("usb-storage.ko"))
            let accounts = try await look("cat /etc/shadow", at: raw).split(separator: "\n")
                .map { $0.split(separator: ":", omittingEmptySubsequences: false) }.filter { $0.count == 9 }
            #expect(accounts.contains { $0[0] == "visitor" })
            #expect(accounts.allSatisfy { $0[1] == "*" || $0[1] == "!" || $0[1] == "!*" })
        }
    }

    @Test("whose script fails are refused with the script's line and words")
    func script() async throws {
        try await withScratch { folder in
            let script = "#!/bin/sh\necho this is why >&2\nexit 7\n"
            let output = try await build(Self.recipe, script: script, in: folder)
            #expect(output.status == .exited(78))
            #expect(output.standardError.contains("small.yaml:12: field 'scripts[0]' failed with status 7"))
            #expect(output.standardError.contains("this is why"))
            #expect(FileSystem.list(folder / "home/images").filter { !$0.hasSuffix(".lock") } == [])
        }
    }

    @Test("whose package is none are refused with its line and apt's words")
    func package() async throws {
        try await withScratch { folder in
            let recipe = Self.recipe.replacingOccurrences(of: "busybox]", with: "busybox, no-such-package]")
            let output = try await build(recipe, in: folder)
            #expect(output.status == .exited(78))
            #expect(output.standardError.contains("small.yaml:8: field 'packages[2]'"))
            #expect(output.standardError.contains("Unable to locate package no-such-package"))
        }
    }
}
