import Foundation
import Glibc

/// Bytes of a kernel's file that somebody else keeps alive, with loads that are checked in every build.
///
/// Little endian throughout, as x86 is. What does not lie inside is answered with `nil`, never read.
struct KernelBytes {
    private let base: UnsafeRawBufferPointer

    init(_ base: UnsafeRawBufferPointer) {
        self.base = base
    }

    var count: Int { base.count }

    @inline(__always)
    func byte(_ offset: Int) -> UInt8? {
        offset >= 0 && offset < base.count ? base[offset] : nil
    }

    @inline(__always)
    func uint16(_ offset: Int) -> UInt16? {
        holds(offset, 2)
            ? UInt16(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) : nil
    }

    @inline(__always)
    func uint32(_ offset: Int) -> UInt32? {
        holds(offset, 4)
            ? UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) : nil
    }

    @inline(__always)
    func uint64(_ offset: Int) -> UInt64? {
        holds(offset, 8)
            ? UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) : nil
    }

    /// The bytes of a range that lies inside.
    func slice(_ offset: Int, _ length: Int) -> UnsafeRawBufferPointer? {
        guard holds(offset, length) else { return nil }
        return UnsafeRawBufferPointer(rebasing: base[offset..<offset + length])
    }

    /// The text before the next NUL, if that comes within `limit` bytes.
    func text(_ offset: Int, limit: Int = 4096) -> String? {
        guard offset >= 0, offset < count, let start = base.baseAddress else { return nil }
        let room = min(limit, count - offset)
        guard let end = memchr(start + offset, 0, room) else { return nil }
        return String(decoding: base[offset..<start.distance(to: end)], as: UTF8.self)
    }

    /// Where `needle` lies first at or behind an offset.
    func find(_ needle: [UInt8], from offset: Int = 0) -> Int? {
        guard let first = needle.first, let start = base.baseAddress, offset >= 0 else { return nil }
        var place = offset
        // The C library finds a byte many times faster than a loop of an unoptimised build.
        while place <= count - needle.count,
            let hit = memchr(start + place, Int32(first), count - needle.count - place + 1)
        {
            place = start.distance(to: hit)
            if memcmp(start + place, needle, needle.count) == 0 { return place }
            place += 1
        }
        return nil
    }

    /// Where the last NUL before an offset lies.
    func lastNUL(before offset: Int) -> Int? {
        var place = min(offset, count) - 1
        while place >= 0 {
            if base[place] == 0 { return place }
            place -= 1
        }
        return nil
    }

    @inline(__always)
    private func holds(_ offset: Int, _ length: Int) -> Bool {
        offset >= 0 && length >= 0 && length <= base.count && offset <= base.count - length
    }
}

extension Data {
    /// Lends the bytes, alive until `body` returns.
    func withKernelBytes<Result>(_ body: (KernelBytes) throws -> Result) rethrows -> Result {
        try withUnsafeBytes { try body(KernelBytes($0)) }
    }
}
