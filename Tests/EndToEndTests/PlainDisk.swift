import Foundation
import GuestImages
import HostSupport
import RunRecords
import TestSupport

/// A disk file with a guest that records by itself, and what boots its kernel: it has no boot loader.
struct PlainGuest: Sendable {
    let disk: HostPath
    /// Options that hand the engine the guest's kernel.
    let boot: [String]
}

/// The image that the disk is taken from, made once.
actor PlainLab {
    static let shared = PlainLab()

    private var preparation: Task<Void, any Error>?

    func ready(in pandacap: Pandacap) async throws {
        let task = preparation ?? Task { try await Self.prepare(pandacap) }
        preparation = task
        try await task.value
    }

    private static let recipe = """
        schema: 1
        name: plain
        description: A disk that records by itself
        suite: bookworm
        architectures:
          - {architecture: i386, kernelPackage: linux-image-686, memory: 128M}
        disk: {size: 512M}
        packages: [usr-is-merged, busybox]
        modules: [ata_piix, sd_mod, crc32c_generic, ext4]
        files:
          - {source: plain-init, path: /sbin/init, mode: 0755}
          - {source: recctrlu, path: /usr/local/sbin/recctrlu, mode: 0755}
        append: root=/dev/sda rw console=ttyS0 panic=-1 mitigations=off
        sshUser: root
        agent: none

        """

    private static func prepare(_ pandacap: Pandacap) async throws {
        try await withScratch { folder in
            let installation = try Installation.locate()
            try FileSystem.write(recipe, to: folder / "plain.yaml")
            try FileSystem.copy(
                installation.root / "Tests/EndToEndTests/Fixtures/plain-init",
                to: folder / "plain-init"
            )
            try FileSystem.copy(try installation.guestPrograms() / "recctrlu-i386", to: folder / "recctrlu")
            let output = try await pandacap(
                "image",
                "build",
                "./plain.yaml",
                "--arch",
                "i386",
                "--name",
                "plain",
                in: folder
            )
            guard output.status == .exited(0) else {
                throw Failure(.unavailable, "the image 'plain' cannot be built: \(output.standardError)")
            }
        }
    }
}

/// The program, a read-only disk with a guest that records by itself, at a path with spaces and quotes, and an empty
/// folder that is gone when the test is over.
func withPlainDisk(_ body: (Pandacap, PlainGuest, HostPath) async throws -> Void) async throws {
    try await withLab { pandacap, folder in
        try await PlainLab.shared.ready(in: pandacap)
        let store = ImageStore(home: pandacap.home)
        let image = try store.load("plain")
        let place = folder / "a b's \"disks\""
        try FileSystem.createDirectory(place)
        let disk = (FileSystem.resolved(place) ?? place) / "base.qcow2"
        try FileSystem.copy(store.folder(of: image) / "base.qcow2", to: disk)
        try FileSystem.setMode(disk, 0o444)
        let guest = PlainGuest(disk: disk, boot: store.bootArguments(of: image).map { "--engine-arg=\($0)" })
        try await body(pandacap, guest, folder)
    }
}
