import Foundation
import HostSupport
import TestSupport
import Testing

@testable import LinuxKernel

@Suite struct KernelImageTests {
    private let kernel = KernelFixture().vmlinux

    /// What the kernel's build makes of itself with one of the programs.
    private func payload(_ program: String, _ arguments: [String], appendsSize: Bool = true) async throws
        -> Data
    {
        var out = LittleEndianBytes()
        out.add(try await Tool(program).filter(arguments, input: kernel, limit: 1 << 24))
        if appendsSize { out.add(UInt32(kernel.count)) }
        return out.data
    }

    private func failure(_ file: Data) async -> Failure? {
        await #expect(throws: Failure.self) { try await KernelImage.vmlinux(in: file) }
    }

    @Test(
        arguments: [
            ("xz", ["-c", "--check=crc32", "--x86", "--lzma2"]), ("zstd", ["-c", "-q", "-19"]),
            ("lz4", ["-c", "-q", "-l"]),
            ("bzip2", ["-c"]), ("xz", ["-c", "--format=lzma"]),
        ]
    )
    func aCompressedKernelIsTakenOut(_ program: String, _ arguments: [String]) async throws {
        let image = KernelFixture.bzImage(try await payload(program, arguments))
        #expect(try await KernelImage.vmlinux(in: image) == kernel)
    }

    @Test func gzipHasTheSizeInside() async throws {
        let payload = try await payload("gzip", ["-c", "-n"], appendsSize: false)
        #expect(try await KernelImage.vmlinux(in: KernelFixture.bzImage(payload, sectors: 5)) == kernel)
    }

    @Test func anELFFileIsTheKernelItself() async throws {
        #expect(try await KernelImage.vmlinux(in: kernel) == kernel)
        try await withScratch { folder in
            try FileSystem.write(kernel, to: folder / "vmlinux")
            #expect(try await KernelImage.vmlinux(of: folder / "vmlinux") == kernel)
            let failure = await #expect(throws: Failure.self) {
                try await KernelImage.vmlinux(of: folder / "none")
            }
            #expect(failure?.code == .notFound)
            #expect(failure?.message.contains("cannot read the kernel \(folder / "none")") == true)
        }
    }

    @Test func anUnknownCompressionIsNamedByItsBytes() async throws {
        let failure = await failure(KernelFixture.bzImage(Data("\u{89}LZO and more".utf8)))
        #expect(failure?.code == .badData)
        #expect(failure?.message.contains("begins with c2 89") == true)
    }

    @Test func whatIsNoKernelIsRefused() async throws {
        let payload = try await payload("gzip", ["-c"], appendsSize: false)
        let image = KernelFixture.bzImage(payload)
        #expect(await failure(Data())?.message.contains("neither an ELF file nor a bzImage") == true)
        #expect(await failure(Data(count: 4096))?.message.contains("neither") == true)
        #expect(
            await failure(KernelFixture.bzImage(payload, version: 0x204))?.message.contains("byte 518")
                == true
        )
        #expect(await failure(image.dropLast(20))?.message.contains("byte 584") == true)
        // A size that is a lie, in both directions.
        var liar = payload
        liar[liar.count - 4] ^= 1
        #expect(await failure(KernelFixture.bzImage(liar))?.code == .badData)
        liar.replaceSubrange(liar.count - 4..<liar.count, with: [0xff, 0xff, 0xff, 0xff])
        #expect(await failure(KernelFixture.bzImage(liar))?.message.contains("larger than") == true)
        var small = LittleEndianBytes()
        small.add(try await Tool("zstd").filter(["-cq"], input: kernel, limit: 1 << 24))
        small.add(UInt32(1000))
        #expect(await failure(KernelFixture.bzImage(small.data)) != nil, "more comes out than it claims")
        #expect(await failure(KernelFixture.bzImage(payload.dropLast(100)))?.code == .badData)
    }
}
