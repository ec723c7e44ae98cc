import Foundation
import HostSupport

/// A frame in a file of captured packets.
struct CapturedFrame: Equatable {
    /// Seconds since 1970.
    let time: Double
    let bytes: [UInt8]
    var comment = ""

    /// Whether the emulator sent it and not its guest: a resumed machine's address is announced by RARP.
    var isAnnouncement: Bool { bytes.count > 13 && bytes[12] == 0x80 && bytes[13] == 0x35 }

    /// Whether this frame is another one, which the network card may have filled up with zeros.
    func isFilled(_ other: CapturedFrame) -> Bool {
        bytes.starts(with: other.bytes) && bytes.dropFirst(other.bytes.count).allSatisfy { $0 == 0 }
    }
}

/// Reads captures, as far as the tests need it, and independently of the writers under test.
enum PacketFile {
    private static func word(_ data: [UInt8], _ offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(data[offset + $1]) << (8 * $1) }
    }

    /// The frames of a file in the old format with nanoseconds, little endian.
    static func pcap(_ file: HostPath) throws -> [CapturedFrame] {
        let data = Array(try FileSystem.read(file))
        guard word(data, 0) == 0xa1b2_3c4d else { throw Failure(.badData, "\(file) is no pcap") }
        var frames: [CapturedFrame] = []
        var offset = 24
        while offset + 16 <= data.count {
            let length = word(data, offset + 8)
            let time = Double(word(data, offset)) + Double(word(data, offset + 4)) * 1e-9
            frames.append(CapturedFrame(time: time, bytes: Array(data[offset + 16..<offset + 16 + length])))
            offset += 16 + length
        }
        return frames
    }

    /// The frames of a file in the format pcapng, with nanoseconds.
    static func pcapng(_ file: HostPath) throws -> [CapturedFrame] {
        let data = Array(try FileSystem.read(file))
        var frames: [CapturedFrame] = []
        var offset = 0
        while offset + 12 <= data.count {
            let length = word(data, offset + 4)
            if word(data, offset) == 6 {
                let captured = word(data, offset + 20)
                let time = Double(word(data, offset + 12) << 32 | word(data, offset + 16)) * 1e-9
                let options = data[offset + 28 + captured..<offset + length]
                frames.append(
                    CapturedFrame(
                        time: time,
                        bytes: Array(data[offset + 28..<offset + 28 + captured]),
                        comment: String(
                            decoding: options.filter { (0x20..<0x7f).contains($0) },
                            as: UTF8.self
                        )
                    )
                )
            }
            offset += length
        }
        return frames
    }
}
