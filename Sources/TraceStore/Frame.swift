import CZstd
import Glibc
import HostSupport

/// A frame of zstd, which nobody believes before it is read.
struct Frame {
    /// Its bytes.
    let bytes: UnsafeRawBufferPointer
    /// The file's name, for errors.
    let name: HostPath

    /// Unpacks it into memory.
    ///
    /// - Parameters:
    ///   - output: Room for exactly what is expected.
    ///   - prefix: What it was packed against.
    /// - Throws: ``StoreError`` with `damagedFrame`, or `wrongContents` where less comes out.
    func unpack(into output: UnsafeMutableRawBufferPointer, prefix: UnsafeRawBufferPointer?)
        throws(StoreError)
    {
        guard let context = ZSTD_createDCtx() else {
            throw StoreError(.cannotAccess, "no memory to unpack \(name)")
        }
        defer { ZSTD_freeDCtx(context) }
        let what = "cannot unpack \(name)"
        if let prefix {
            try Zstd.check(
                ZSTD_DCtx_refPrefix(context, prefix.baseAddress, prefix.count),
                what,
                .cannotAccess
            )
        }
        let count = try Zstd.check(
            ZSTD_decompressDCtx(context, output.baseAddress, output.count, bytes.baseAddress, bytes.count),
            what,
            .damagedFrame
        )
        guard count == output.count else {
            throw StoreError(
                .wrongContents,
                "\(name) holds \(count) bytes, where \(output.count) are expected"
            )
        }
    }

    /// Sees that what comes out is what is expected.
    ///
    /// - Throws: ``StoreError`` with `wrongContents` where it is not.
    func expect(_ contents: UnsafeRawBufferPointer, prefix: UnsafeRawBufferPointer?) throws(StoreError) {
        guard let start = contents.baseAddress, contents.count > 0 else { return }
        guard let room = LargeMemory.allocate(byteCount: contents.count) else {
            throw StoreError(.cannotAccess, "no memory to check \(name)")
        }
        defer { free(room) }
        let output = UnsafeMutableRawBufferPointer(start: room, count: contents.count)
        try unpack(into: output, prefix: prefix)
        guard memcmp(room, start, contents.count) == 0 else {
            throw StoreError(.wrongContents, "\(name) does not unpack to what was packed")
        }
    }
}
