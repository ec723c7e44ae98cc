import Foundation
import HostSupport
import PandaEngine
import RunRecords
import TestSupport
import Testing

@testable import Containers

@Suite("What of an engine goes into an image")
struct EngineFilesTests {
    /// A shared object, as far as anybody looks, in which some names stand.
    private func object(_ names: [String], at path: HostPath) throws {
        try FileSystem.createDirectory(path.parent)
        let header: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + Array(repeating: 0, count: 12) + [62, 0]
        let text = names.map { Array($0.utf8) + [0] }.joined()
        try FileSystem.write(Data(header + text), to: path, mode: 0o755)
    }

    private func text(_ path: HostPath) throws {
        try FileSystem.createDirectory(path.parent)
        try FileSystem.write("text\n", to: path)
    }

    @Test func aLibrarysFilesAreThoseThatItNames() async throws {
        try await withScratch { folder in
            let data = folder / "data"
            let program = data / "i386-softmmu/libpanda-i386.so"
            try object(["/home/builder/llvm-helpers-i386.bc", "bios.bin", "vgabios.bin"], at: program)
            try object(["kernelinfo.conf"], at: data / "i386-softmmu/panda/plugins/panda_osi_linux.so")
            for name in [
                "i386-softmmu/llvm-helpers-i386.bc", "i386-softmmu/llvm-helpers.bc1", "i386-softmmu/main.o",
            ] {
                try text(data / name)
            }
            for name in ["kernelinfo.conf", "kernelinfo24.zip", "osi_linux_ext.h"] {
                try text(data / "i386-softmmu/panda/plugins/osi_linux/\(name)")
            }
            for name in ["bios.bin", "openbios-sparc64", "README"] { try text(data / "pc-bios/\(name)") }
            let engine = Engine(origin: .named, architecture: .i386, program: program, dataFolder: data)
            let files = try await EngineFiles([engine])
            #expect(
                files.objects.map(\.path) == [
                    "data/i386-softmmu/libpanda-i386.so",
                    "data/i386-softmmu/panda/plugins/panda_osi_linux.so",
                ]
            )
            #expect(
                files.data.map(\.path) == [
                    "data/i386-softmmu/llvm-helpers-i386.bc",
                    "data/i386-softmmu/panda/plugins/osi_linux/kernelinfo.conf", "data/pc-bios/bios.bin",
                ]
            )
            #expect(files.programs == [.i386: "data/i386-softmmu/libpanda-i386.so"])
            #expect(files.scripted == [.i386])
        }
    }

    @Test func anInstalledProgramStaysAsItIs() async throws {
        try await withScratch { folder in
            let program = folder / "bin/panda-system-arm"
            try object(["efi-virtio.rom"], at: program)
            try object([], at: folder / "lib/panda/arm/panda_stringsearch.so")
            try object([], at: folder / "lib/libcapstone.so.4")
            try text(folder / "share/panda/efi-virtio.rom")
            try text(folder / "share/panda/unused.rom")
            let files = try await EngineFiles([
                Engine(origin: .pandaPath, architecture: .arm, program: program)
            ])
            #expect(
                files.objects.map(\.path) == ["bin/panda-system-arm", "lib/panda/arm/panda_stringsearch.so"]
            )
            #expect(files.data.map(\.path) == ["share/panda/efi-virtio.rom"])
            #expect(files.programs == [.arm: "bin/panda-system-arm"])
            #expect(files.scripted.isEmpty)
            #expect(files.libraryFolders == [folder / "lib"])
        }
    }

    @Test func aScriptIsNoEngine() async throws {
        try await withScratch { folder in
            try text(folder / "panda-system-ppc")
            let engine = Engine(origin: .path, architecture: .ppc, program: folder / "panda-system-ppc")
            let failure = await #expect(throws: Failure.self) { try await EngineFiles([engine]) }
            #expect(failure?.code == .unavailable)
        }
    }
}
