import Foundation
import HostSupport
import TestSupport
import Traces

/// A snapshot of a small machine, page by page.
struct MadeSnapshot {
    /// A page: its 4096 bytes, or the one that fills it.
    enum Page: Equatable {
        case stored([UInt8])
        case filled(UInt8)
    }

    var pages: [Page]
    var devices = Array("devices".utf8)

    /// A machine with random pages, some of them filled.
    static func random(pages count: Int, using generator: inout some RandomNumberGenerator) -> MadeSnapshot {
        MadeSnapshot(
            pages: (0..<count).map { number in
                number % 7 == 3 ? .filled(UInt8(number % 3)) : .stored(randomBytes(4096, using: &generator))
            }
        )
    }

    static func randomBytes(_ count: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// The file, with the pages in the order of their addresses.
    var bytes: Data {
        func big(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.bigEndian) { Array($0) }
        }
        let memory = ByteSize(bytes: UInt64(pages.count * 4096))
        // The head, without the end of its section and of the stream.
        var bytes = [UInt8](HandMadeRecording.snapshot(memory: memory).dropLast(6))
        bytes += [0x03] + big(UInt32(2))
        for (number, page) in pages.enumerated() {
            let same: UInt64 = number == 0 ? 0 : 0x20
            let name = number == 0 ? [6] + Array("pc.ram".utf8) : []
            switch page {
            case .stored(let content): bytes += big(UInt64(number * 4096) | same | 0x08) + name + content
            case .filled(let byte): bytes += big(UInt64(number * 4096) | same | 0x02) + name + [byte]
            }
        }
        bytes += big(UInt64(0x10)) + [0x7E] + big(UInt32(2))
        bytes +=
            [0x04] + big(UInt32(3)) + [5] + Array("timer".utf8) + big(UInt32(0)) + big(UInt32(2)) + devices
        bytes += [0x7E] + big(UInt32(3)) + [0x00]
        return Data(bytes)
    }
}
