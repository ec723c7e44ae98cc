public import Foundation
public import HostSupport
import Traces

/// The two files of a recording that no engine made.
public enum HandMadeRecording {
    /// A log of two entries, and its end where it has one.
    public static func log(ended: Bool = true) throws -> Data {
        var writer = NondetLogWriter()
        try writer.append(.input4(1), at: 10)
        try writer.append(.interruptRequest(2), at: 500)
        if ended { try writer.finish(at: 1000) }
        return Data(writer.bytes)
    }

    /// A snapshot of a machine with one block of memory: the head, and the end of the stream.
    public static func snapshot(memory: ByteSize = .mebibytes(64)) -> Data {
        func big(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.bigEndian) { Array($0) }
        }
        func named(_ name: String) -> [UInt8] { [UInt8(name.utf8.count)] + Array(name.utf8) }
        var bytes = big(UInt32(0x5145_564D)) + big(UInt32(3)) + [0x01] + big(UInt32(2)) + named("ram")
        bytes += big(UInt32(0)) + big(UInt32(4)) + big(memory.bytes | 4) + named("pc.ram") + big(memory.bytes)
        bytes += big(UInt64(0x10)) + [0x7E] + big(UInt32(2))
        return Data(bytes + [0x7E] + big(UInt32(2)) + [0x00])
    }

    /// A snapshot with an empty section of memory, in a file that is long enough for its block.
    public static func snapshotWithoutPages() -> Data {
        func big(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.bigEndian) { Array($0) }
        }
        var bytes = [UInt8](snapshot().prefix(snapshot().count - 6))
        bytes += [0x03] + big(UInt32(2)) + big(UInt64(0x10)) + [0x7E] + big(UInt32(2))
        bytes += [0x04] + big(UInt32(3)) + [5] + Array("timer".utf8) + big(UInt32(0)) + big(UInt32(2))
        bytes += [UInt8](repeating: 0, count: 1 << 18)
        bytes += [0x7E] + big(UInt32(3)) + [0x00]
        return Data(bytes)
    }

    /// Writes what is given of a recording's two files.
    ///
    /// - Parameters:
    ///   - name: The recording's name.
    ///   - log: The log; it is left out where there is none.
    ///   - snapshot: The snapshot; likewise.
    ///   - folder: Where to.
    /// - Throws: `Failure` where they cannot be written.
    public static func put(_ name: String, log: Data?, snapshot: Data?, in folder: HostPath) throws {
        if let log { try FileSystem.write(log, to: folder / "\(name)-rr-nondet.log") }
        if let snapshot { try FileSystem.write(snapshot, to: folder / "\(name)-rr-snp") }
    }
}
