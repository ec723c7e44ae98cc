import CArchive

@testable import TraceArchives

/// A tar put together byte by byte, so that it can be one that no program writes.
struct RawTar {
    var bytes: [UInt8] = []

    /// Adds a member.
    ///
    /// - Parameters:
    ///   - name: Its name, in bytes.
    ///   - contents: What follows its header, padded to whole blocks.
    ///   - type: The type flag of its header.
    ///   - size: The size in its header, if not that of `contents`.
    ///   - link: What it is a link to.
    mutating func add(
        _ name: [UInt8],
        _ contents: [UInt8] = [],
        type: Character = "0",
        size: UInt64? = nil,
        link: String = ""
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: [UInt8], at offset: Int) {
            header.replaceSubrange(offset..<offset + text.count, with: text)
        }
        put(Array(name.prefix(100)), at: 0)
        put(Array("0000644".utf8), at: 100)
        put(Array("0000000".utf8), at: 108)
        put(Array("0000000".utf8), at: 116)
        let size = size ?? UInt64(contents.count)
        if size >> 33 == 0 {
            let octal = String(size, radix: 8)
            put(Array((String(repeating: "0", count: 11 - octal.utf8.count) + octal).utf8), at: 124)
        } else {
            // What GNU tar does with numbers that have no room in octal.
            put([0x80, 0, 0, 0] + withUnsafeBytes(of: size.bigEndian) { Array($0) }, at: 124)
        }
        put(Array("00000000000".utf8), at: 136)
        put(Array("        ".utf8), at: 148)
        put(Array(String(type).utf8), at: 156)
        put(Array(link.utf8), at: 157)
        put(Array("ustar".utf8) + [0] + Array("00".utf8), at: 257)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(Array((String(repeating: "0", count: 6 - sum.utf8.count) + sum).utf8) + [0, 0x20], at: 148)
        bytes += header + contents
        bytes += [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
    }

    /// Adds a member.
    mutating func add(_ name: String, _ contents: [UInt8] = [], type: Character = "0", link: String = "") {
        add(Array(name.utf8), contents, type: type, link: link)
    }

    /// Adds a member with text.
    mutating func add(_ name: String, _ text: String) { add(name, Array(text.utf8)) }

    /// The tar with its end.
    var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}

/// Gzip'd bytes.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let target = MemoryConsumer()
    let gzip = GzipConsumer(target)
    try bytes.withUnsafeBytes { try gzip.write($0) }
    try gzip.finish()
    return target.bytes
}

/// Xz'd bytes, compressed as quickly as can be.
func xzed(_ bytes: [UInt8], preset: UInt32 = 0) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: lzma_stream_buffer_bound(bytes.count))
    var used = 0
    let code = lzma_easy_buffer_encode(
        preset,
        LZMA_CHECK_CRC32,
        nil,
        bytes,
        bytes.count,
        &out,
        &used,
        out.count
    )
    precondition(code == LZMA_OK)
    return Array(out.prefix(used))
}

/// An `.rr` file around xz'd bytes.
func rrFile(_ packed: [UInt8], instructions: UInt64) throws -> [UInt8] {
    RRHeader(instructions: instructions, md5: try md5(of: MemoryProducer(packed))).bytes + packed
}
