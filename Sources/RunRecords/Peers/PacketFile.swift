import Foundation
import Glibc
import HostSupport

/// A file of captured Ethernet frames, read from its beginning to its end: the layout of pcap(5), with times in micro-
/// or nanoseconds, in either byte order.
///
/// It may be anybody's: no length in it is believed beyond what a frame can have.
final class PacketFile {
    private static let longestFrame = 1 << 18

    private let file: UnsafeMutablePointer<FILE>
    private let isSwapped: Bool
    private let nanoseconds: Double
    private var frame: [UInt8] = []
    /// Why no more frames can be read, though the file has not ended.
    private(set) var problem: String?

    /// Opens a file.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``HostSupport/Failure`` where it cannot be read, or is no such file.
    init(_ path: HostPath) throws {
        guard FileSystem.isRegularFile(path), let file = fopen(path.string, "re") else {
            throw Failure(.notFound, "there is no file \(path)")
        }
        var header = [UInt8](repeating: 0, count: 24)
        let read = fread(&header, 1, header.count, file)
        let magic = Self.word(header[0..<4], isSwapped: false)
        switch (read, magic) {
        case (24, 0xA1B2_3C4D): (isSwapped, nanoseconds) = (false, 1)
        case (24, 0x4D3C_B2A1): (isSwapped, nanoseconds) = (true, 1)
        case (24, 0xA1B2_C3D4): (isSwapped, nanoseconds) = (false, 1000)
        case (24, 0xD4C3_B2A1): (isSwapped, nanoseconds) = (true, 1000)
        default:
            fclose(file)
            throw Failure(.badData, "\(path) is no packet capture")
        }
        guard Self.word(header[20..<24], isSwapped: isSwapped) & 0x0FFF_FFFF == 1 else {
            fclose(file)
            throw Failure(.badData, "\(path) is not of an Ethernet")
        }
        self.file = file
    }

    deinit { fclose(file) }

    /// Reads the next frame.
    ///
    /// - Parameter body: Is given the frame and its time, in seconds since 1970.
    /// - Returns: Whether there was one.
    func next(_ body: (ArraySlice<UInt8>, Double) -> Void) -> Bool {
        guard problem == nil else { return false }
        var header = [UInt8](repeating: 0, count: 16)
        let read = fread(&header, 1, header.count, file)
        guard read == header.count else {
            problem = read == 0 ? nil : "the last frame of the packet capture is cut"
            return false
        }
        let length = Int(Self.word(header[8..<12], isSwapped: isSwapped))
        guard length <= Self.longestFrame else {
            problem = "the packet capture has a frame of \(length) bytes"
            return false
        }
        if frame.count < length { frame += [UInt8](repeating: 0, count: length - frame.count) }
        guard fread(&frame, 1, length, file) == length else {
            problem = "the last frame of the packet capture is cut"
            return false
        }
        let seconds = Double(Self.word(header[0..<4], isSwapped: isSwapped))
        let fraction = Double(Self.word(header[4..<8], isSwapped: isSwapped)) * nanoseconds / 1e9
        body(frame[..<length], seconds + fraction)
        return true
    }

    private static func word(_ bytes: ArraySlice<UInt8>, isSwapped: Bool) -> UInt32 {
        let value = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
        return isSwapped ? value.byteSwapped : value
    }
}
