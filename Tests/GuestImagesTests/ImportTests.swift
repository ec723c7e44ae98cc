import DiskFiles
import Foundation
import HostSupport
import RunRecords
import Testing

@testable import GuestImages

@Suite struct ImportTests {
    private func importer(_ folder: HostPath) -> (ImageImporter, ImageStore) {
        let store = ImageStore(home: folder / "home")
        return (ImageImporter(store: store, console: Console(.quiet)), store)
    }

    private func refusal(_ arguments: [String], in folder: HostPath) async throws -> Failure? {
        let disk = folder / "refused"
        try FileSystem.remove(disk)
        try await DiskTools.qemuImg.run(["create", "-q", "-f", "qcow2"] + arguments + [disk.string, "2M"])
        let (importer, store) = importer(folder)
        let failure = await failure { _ = try await importer.run(ImageImport(disk: disk, name: "x")) }
        #expect(store.names.isEmpty)
        return failure
    }

    @Test(arguments: ["raw", "qcow2 -o compat=0.10", "qcow2 -o compat=1.1", "qcow2 -c"])
    func aDiskBecomesAnImageWithTheSameContents(_ format: String) async throws {
        try await withScratch { folder in
            try makeDisk(folder / "raw")
            let options = format.split(separator: " ").map(String.init)
            try await DiskTools.qemuImg.run(
                ["convert", "-f", "raw", "-O", options[0]] + options.dropFirst() + [
                    (folder / "raw").string, (folder / "disk").string,
                ]
            )
            let (importer, store) = importer(folder)
            var request = ImageImport(disk: folder / "disk", name: "mine")
            request.architecture = .i386
            request.memory = .mebibytes(64)
            request.sshUser = "ada"
            request.agent = .usb
            let image = try await importer.run(request)
            #expect(image == (try store.load("mine")))
            #expect(image.version == 1 && image.recipe == nil && image.kernel == nil && image.append == nil)
            #expect(image.architecture == .i386 && image.sshUser == "ada" && image.agent == .usb)
            let base = store.path(of: try #require(image.disk), in: image)
            #expect(image.disk?.sha256 == (try await Digest.sha256(base)))
            let mode = try FileManager.default.attributesOfItem(atPath: base.string)[.posixPermissions]
            #expect(mode as? Int == 0o444)
            let header = try DiskChain.header(base)
            #expect(header.version == 2 && header.backingFile == nil)
            try await DiskTools.qemuImg.run([
                "compare", "-q", "-f", "raw", "-F", "qcow2", (folder / "raw").string, base.string,
            ])
            #expect(FileSystem.list(store.folder).filter { !$0.hasSuffix(".lock") } == ["mine"])
        }
    }

    @Test func theKernelIsCheckedAndNamed() async throws {
        try await withScratch { folder in
            try makeDisk(folder / "disk")
            var kernel = Data(repeating: 0, count: 4096)
            kernel.replaceSubrange(0x202..<0x206, with: Array("HdrS".utf8))
            kernel[0x20f] = 4
            kernel.replaceSubrange(0x600..<0x60c, with: Array("6.1.0-9 (ada".utf8))
            try FileSystem.write(kernel, to: folder / "vmlinuz")
            try FileSystem.write("initrd", to: folder / "initrd")
            let (importer, store) = importer(folder)
            var request = ImageImport(disk: folder / "disk", name: "mine")
            request.kernel = folder / "vmlinuz"
            request.initrd = folder / "initrd"
            request.append = "root=/dev/sda"
            let image = try await importer.run(request)
            #expect(image.kernelRelease == "6.1.0-9")
            #expect(store.bootArguments(of: image).suffix(2) == ["-append", "root=/dev/sda"])
            request.kernel = folder / "initrd"
            request.replaces = true
            #expect(await failure { _ = try await importer.run(request) }?.code == .badData)
            #expect(try store.load("mine") == image)
        }
    }

    @Test func anImageIsReplacedOnDemandOnly() async throws {
        try await withScratch { folder in
            try makeDisk(folder / "disk")
            let (importer, store) = importer(folder)
            var request = ImageImport(disk: folder / "disk", name: "mine")
            let first = try await importer.run(request)
            let failure = await failure { _ = try await importer.run(request) }
            #expect(failure?.code == .cannotCreate)
            #expect(failure?.hint?.contains("--replace") == true)
            request.replaces = true
            request.sshUser = "eve"
            let second = try await importer.run(request)
            #expect(second.digest == first.digest && second.sshUser == "eve")
            #expect(store.names == ["mine"])
        }
    }

    @Test func whatWouldNotBecomeTheSameDiskIsRefused() async throws {
        try await withScratch { folder in
            let secret = [
                "--object", "secret,id=s,data=abc", "-o", "encrypt.format=aes,encrypt.key-secret=s",
            ]
            #expect(try await refusal(secret, in: folder)?.message.contains("encrypted") == true)
            let external = ["-o", "data_file=\(folder / "data")"]
            #expect(try await refusal(external, in: folder)?.message.contains("another file") == true)
            let overlay = ["-u", "-F", "raw", "-b", "/etc/passwd"]
            let failure = try await refusal(overlay, in: folder)
            #expect(failure?.code == .badData)
            #expect(failure?.hint?.contains("--flatten") == true)
        }
    }

    @Test(
        arguments: [
            "KDMV", "# Disk DescriptorFile\nversion=1", "QED\0", "vhdxfile", "conectix", "LUKS\u{FFFE}",
            "\u{1F}\u{8B}", "#!/bin/sh\n#V2.0 Format",
        ]
    )
    func otherFormatsAreNamedAndNotGuessedAt(_ head: String) async throws {
        try await withScratch { folder in
            var bytes = Data(repeating: 0, count: 1 << 20)
            // U+8B is one byte on the disk, and so are those of LUKS.
            let start =
                head == "LUKS\u{FFFE}"
                ? [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe] : head.unicodeScalars.map { UInt8($0.value) }
            bytes.replaceSubrange(0..<start.count, with: start)
            try FileSystem.write(bytes, to: folder / "disk")
            let (importer, _) = importer(folder)
            let failure = await failure {
                _ = try await importer.run(ImageImport(disk: folder / "disk", name: "x"))
            }
            #expect(failure?.code == .badData)
            #expect(failure?.hint?.contains("first") == true)
        }
    }

    @Test func aDamagedDiskIsRefusedAndNothingIsLeft() async throws {
        try await withScratch { folder in
            try makeDisk(folder / "raw")
            try await DiskTools.qemuImg.run([
                "convert", "-f", "raw", "-O", "qcow2", (folder / "raw").string, (folder / "disk").string,
            ])
            var bytes = try FileSystem.read(folder / "disk")
            // The first entry of the first table leads to the header.
            let table = bytes[40..<48].reduce(0) { $0 << 8 | Int($1) }
            bytes.replaceSubrange(table..<table + 8, with: [0x80, 0, 0, 0, 0, 0, 0, 0])
            try FileSystem.write(bytes, to: folder / "disk")
            let (importer, store) = importer(folder)
            let failure = await failure {
                _ = try await importer.run(ImageImport(disk: folder / "disk", name: "x"))
            }
            #expect(failure?.code == .badData)
            #expect(failure?.message.contains("damaged") == true)
            #expect(FileSystem.list(store.folder).isEmpty)
        }
    }

    @Test func valuesAreCheckedFirst() async throws {
        let nothing = ImageImport(disk: "/nowhere", name: "x")
        func code(_ change: (inout ImageImport) -> Void) async -> Failure.Code? {
            var request = nothing
            change(&request)
            let (importer, _) = importer("/nowhere")
            return await failure { _ = try await importer.run(request) }?.code
        }
        #expect(await code { $0.name = "../x" } == .usage)
        #expect(await code { $0.initrd = "/initrd" } == .usage)
        #expect(await code { $0.append = "quiet" } == .usage)
        #expect(await code { $0.sshUser = "-oProxyCommand" } == .usage)
        #expect(await code { $0.memory = ByteSize(bytes: 5) } == .usage)
        #expect(await code { $0.readyTimeout = 0 } == .usage)
        #expect(await code { $0.architecture = .ppc } == .usage)
        #expect(await code { _ in } == .notFound)
    }
}
