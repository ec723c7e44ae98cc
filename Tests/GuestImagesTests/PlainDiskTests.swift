import DiskFiles
import Foundation
import HostSupport
import RunRecords
import Testing

@testable import GuestImages

@Suite struct PlainDiskTests {
    @Test func itIsTakenAsItIs() async throws {
        try await withScratch { folder in
            let raw = folder / "a b's.raw"
            try makeDisk(raw)
            let disk = try await PlainDisk(raw)
            #expect(disk.path.name == "a b's.raw" && disk.format == "raw" && disk.isWritable)
            #expect(disk.digest == (try await Digest.sha256(raw)))
            try FileSystem.setMode(raw, 0o444)
            #expect(try await !PlainDisk(raw).isWritable)
            let guest = disk.guest(.i386, agent: .none)
            #expect(guest.kernel == nil && guest.disk?.sha256 == disk.digest && guest.architecture == .i386)
            #expect(guest.memory == .mebibytes(512) && guest.digest == disk.digest)
        }
    }

    @Test func theDiskBeneathItPlaysAPartInItsDigest() async throws {
        try await withScratch { folder in
            let base = folder / "base.qcow2"
            try await DiskTools.qemuImg.run(["create", "-q", "-f", "qcow2", base.string, "2M"])
            try await DerivedDisk.create(folder / "top.qcow2", over: "base.qcow2")
            let disk = try await PlainDisk(folder / "top.qcow2")
            #expect(disk.format == "qcow2")
            #expect(disk.digest != (try await Digest.sha256(disk.path)))
            try FileSystem.remove(base)
            let lost = await failure { _ = try await PlainDisk(folder / "top.qcow2") }
            #expect(lost?.code == .notPermitted)
        }
    }

    @Test("D2: a disk over another without its format fails with a new qemu-img; the format is named")
    func d2() async throws {
        try await withScratch { folder in
            try makeDisk(folder / "a b's.raw")
            try await DiskTools.qemuImg.run([
                "convert", "-f", "raw", "-O", "qcow2", (folder / "a b's.raw").string,
                (folder / "c d.qcow2").string,
            ])
            try FileSystem.createDirectory(folder / "run")
            for (name, format) in [("a b's.raw", "raw"), ("c d.qcow2", "qcow2")] {
                let base = try await PlainDisk(folder / name)
                let overlay = folder / "run/\(format)"
                let derived = DerivedDisk(
                    path: overlay,
                    shelf: base.path.parent,
                    layers: [base.path],
                    format: base.format
                )
                try await derived.make()
                let header = try DiskChain.header(overlay)
                #expect(
                    header.backingFormat == format && header.backingFile == "../\(name)"
                        && header.version == 2
                )
                try await DiskTools.qemuImg.run([
                    "compare", "-q", "-f", format, "-F", "qcow2", base.path.string, overlay.string,
                ])
                // One that is there is never written over.
                let again = await failure { try await derived.make() }
                #expect(again?.code == .cannotCreate)
            }
            #expect(FileSystem.list(folder) == ["a b's.raw", "c d.qcow2", "run"])
        }
    }

    @Test func whatIsNoDiskIsRefused() async throws {
        try await withScratch { folder in
            try FileSystem.write("short", to: folder / "short")
            for (name, code) in [("none", Failure.Code.notFound), (".", .notFound), ("short", .badData)] {
                let failure = await failure { _ = try await PlainDisk(folder / name) }
                #expect(failure?.code == code, "\(name)")
            }
        }
    }
}
