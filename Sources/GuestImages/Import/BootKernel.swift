import DiskFiles
import HostSupport

/// A Linux kernel of x86 that a boot loader takes (Documentation/arch/x86/boot.rst of Linux).
enum BootKernel {
    /// What `uname -r` will print, out of the kernel's header.
    ///
    /// - Parameter path: The kernel.
    /// - Returns: The release; nothing where the header does not say it.
    /// - Throws: ``HostSupport/Failure`` where the file is no such kernel.
    static func release(of path: HostPath) throws -> String? {
        let words: [UInt8]
        do throws(DiskFormatError) {
            let file = try RawDisk(path: path.string)
            let head = try file.read(at: 0, count: Int(min(file.byteCount, 1024)))
            guard head.count == 1024, Array(head[0x202..<0x206]) == Array("HdrS".utf8) else {
                throw DiskFormatError(
                    .unsupportedFeature,
                    at: 0x202,
                    "expected 'HdrS', the signature of a bzImage"
                )
            }
            let start = UInt64(head[0x20e]) + UInt64(head[0x20f]) << 8 + 512
            guard start > 512, start < file.byteCount else { return nil }
            words = try file.read(at: start, count: Int(min(file.byteCount - start, 200)))
        } catch {
            throw Failure(
                .badData,
                "\(path) is no kernel that can be booted: \(error)",
                hint: "name a vmlinuz, not an ELF file such as vmlinux"
            )
        }
        let release = words.prefix { (0x21..<0x7f).contains($0) }
        return release.isEmpty ? nil : String(decoding: release, as: UTF8.self)
    }
}
