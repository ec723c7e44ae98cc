import Foundation
import HostSupport
import TestSupport
import Traces

@testable import TraceArchives

/// The two files of a recording that is as small as one can be and still sound.
struct SampleRecording {
    var snapshot: [UInt8]
    var log: [UInt8]

    /// Makes a snapshot with some pages of memory that compress badly, and a log of two entries.
    init(pages: Int = 1, isEnded: Bool = true) throws {
        snapshot = Self.snapshot(pages: pages)
        var writer = NondetLogWriter()
        try writer.append(.input4(0x1234_5678), at: 10, callsite: Callsite(rawValue: 4))
        try writer.append(
            .skippedCall(.packet(hostPointer: 6, direction: .sent)),
            at: 20,
            callsite: Callsite(rawValue: 29),
            data: Array("a packet".utf8)
        )
        if isEnded { try writer.finish(at: 4711) }
        log = writer.bytes
    }

    /// Writes both files.
    func write(_ name: String, in folder: HostPath) throws -> RecordingFiles {
        let files = RecordingFiles(name: name, in: folder.string)
        try FileSystem.write(Data(snapshot), to: HostPath(files.snapshotPath))
        try FileSystem.write(Data(log), to: HostPath(files.nondetLogPath))
        return files
    }

    var files: (snapshot: ArchiveContents.File, log: ArchiveContents.File) {
        (digests(of: snapshot).file, digests(of: log).file)
    }

    private static func big(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private static func name(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    private static func snapshot(pages: Int) -> [UInt8] {
        let memory = UInt64(max(1, (pages + 255) / 256)) << 20
        let footer = [0x7e] + big(UInt32(2))
        var random = SeededGenerator(seed: 4)
        var out = big(UInt32(0x5145_564d)) + big(UInt32(3))
        out += [0x07] + big(UInt32(13)) + Array("pc-i440fx-2.9".utf8)
        out += [0x01] + big(UInt32(2)) + name("ram") + big(UInt32(0)) + big(UInt32(4))
        out += big(memory | 0x04) + name("pc.ram") + big(memory) + big(UInt64(0x10)) + footer
        out += [0x03] + big(UInt32(2))
        for page in 0..<pages {
            out += big(UInt64(page) << 12 | (page == 0 ? 0x08 : 0x28)) + (page == 0 ? name("pc.ram") : [])
            out += (0..<512).flatMap { _ in big(random.next() & 0xffff_0000_0fff) }
        }
        out += big(UInt64(0x10)) + footer
        out += [0x04] + big(UInt32(3)) + name("timer") + big(UInt32(0)) + big(UInt32(2)) + [1, 2, 3, 4]
        out += [0x7e] + big(UInt32(3)) + [0x00]
        let description = "{}"
        return out + [0x06] + big(UInt32(description.utf8.count)) + Array(description.utf8)
    }
}

/// The digests of some bytes.
func digests(of bytes: [UInt8]) -> MemberDigests {
    let digests = MemberDigests(withSHA1: true)
    bytes.withUnsafeBytes { digests.update($0) }
    return digests
}

/// Bytes that are kept.
final class MemoryConsumer: ByteConsumer {
    private(set) var bytes: [UInt8] = []

    func write(_ more: UnsafeRawBufferPointer) { bytes += more }

    func finish() {}
}
