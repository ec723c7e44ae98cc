public import Foundation
public import HostSupport

/// A Linux kernel as it is booted: a bzImage, or the ELF file `vmlinux` itself.
public enum KernelImage {
    /// The most bytes that the file may have.
    static let largestFile: UInt64 = 256 << 20
    /// The most bytes that the kernel inside it may have; those of distributions have 40 to 80 million.
    static let largestKernel = 512 << 20

    /// Takes the ELF file `vmlinux` out of a kernel's file.
    ///
    /// - Parameter path: The file.
    /// - Returns: The bytes of `vmlinux`.
    /// - Throws: ``HostSupport/Failure`` with `bad-data` where the file is no such kernel, and with `unavailable`
    ///   where the program that decompresses it is missing.
    public static func vmlinux(of path: HostPath) async throws -> Data {
        do {
            return try await vmlinux(in: try FileSystem.read(path, limit: largestFile))
        } catch var failure as Failure {
            failure.message = "cannot read the kernel \(path): \(failure.message)"
            throw failure
        }
    }

    /// Takes the ELF file `vmlinux` out of a kernel.
    ///
    /// Source of the format: `Documentation/arch/x86/boot.rst` of Linux, "The Real-Mode Kernel Header".
    ///
    /// - Parameter file: The kernel's bytes.
    /// - Returns: The bytes of `vmlinux`.
    /// - Throws: ``HostSupport/Failure`` as ``vmlinux(of:)`` does.
    static func vmlinux(in file: Data) async throws -> Data {
        if file.starts(with: ELFFile.magic) { return file }
        let payload = try payload(of: file)
        guard let compression = Compression.all.first(where: { payload.starts(with: $0.magic) }) else {
            let start = payload.prefix(6).map { String($0, radix: 16) }.joined(separator: " ")
            throw Failure(
                .badData,
                "it is compressed in a way that is not known here: it begins with \(start)"
            )
        }
        // The build appends the size to all but gzip's output, which ends with it.
        guard let size = payload.withKernelBytes({ $0.uint32($0.count - 4) }), size <= largestKernel else {
            throw Failure(.badData, "it claims to be larger than \(ByteSize(bytes: UInt64(largestKernel)))")
        }
        let stream = compression.hasSizeInside ? payload : payload.dropLast(4)
        let kernel: Data
        do {
            kernel = try await compression.tool.filter(
                compression.arguments,
                input: Data(stream),
                limit: max(Int(size), 1)
            )
        } catch let failure as Failure where failure.code == .system {
            throw Failure(.badData, "it does not decompress", cause: failure)
        }
        guard kernel.count == Int(size), kernel.starts(with: ELFFile.magic) else {
            throw Failure(
                .badData,
                "it decompresses to \(kernel.count) bytes instead of an ELF file of \(size)"
            )
        }
        return kernel
    }

    /// The compressed kernel inside a bzImage.
    private static func payload(of file: Data) throws -> Data {
        try file.withKernelBytes { bytes in
            // "HdrS"
            guard bytes.uint32(0x202) == 0x5372_6448, let version = bytes.uint16(0x206),
                let sectors = bytes.byte(0x1f1), let offset = bytes.uint32(0x248),
                let length = bytes.uint32(0x24c)
            else { throw Failure(.badData, "it is neither an ELF file nor a bzImage") }
            guard version >= 0x208 else {
                throw Failure(
                    .badData,
                    "byte 518: its boot protocol 0x\(String(version, radix: 16)) is older than 0x208 and does not "
                        + "say where the kernel lies"
                )
            }
            let start = (Int(sectors == 0 ? 4 : sectors) + 1) * 512 + Int(offset)
            guard length >= 8, let payload = bytes.slice(start, Int(length)) else {
                throw Failure(
                    .badData,
                    "byte 584: the compressed kernel is said to have \(length) bytes from byte \(start) on, and the "
                        + "file has \(bytes.count)"
                )
            }
            return Data(payload)
        }
    }

    /// A way in which kernels are compressed, and the program that undoes it.
    private struct Compression {
        let magic: [UInt8]
        let tool: Tool
        let arguments: [String]
        var hasSizeInside = false

        static let all = [
            Compression(
                magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
                tool: Tool("xz", package: "xz-utils"),
                arguments: ["-dc", "--format=xz"]
            ),
            Compression(
                magic: [0x28, 0xb5, 0x2f, 0xfd],
                tool: Tool("zstd", package: "zstd"),
                arguments: ["-dcq"]
            ),
            Compression(
                magic: [0x02, 0x21, 0x4c, 0x18],
                tool: Tool("lz4", package: "lz4"),
                arguments: ["-dcq"]
            ),
            Compression(
                magic: [0x1f, 0x8b, 0x08],
                tool: Tool("gzip", package: "gzip"),
                arguments: ["-dc"],
                hasSizeInside: true
            ),
            Compression(
                magic: Array("BZh".utf8),
                tool: Tool("bzip2", package: "bzip2"),
                arguments: ["-dc"]
            ),
            Compression(
                magic: [0x5d, 0x00, 0x00],
                tool: Tool("xz", package: "xz-utils"),
                arguments: ["-dc", "--format=lzma"]
            ),
        ]
    }
}
