import Foundation
import Glibc
public import HostSupport

/// Copies a file of captured packets with other addresses in it.
///
/// The layout is that of pcap(5), with times in micro- or nanoseconds, in either byte order, of an Ethernet. Replaced are
/// the addresses in the headers of ARP, IPv4, IPv6, ICMP and ICMPv6, those of packets in error messages and tunnels, too;
/// checksums stay right where they were right, and wrong where they were wrong. What the packets carry stays as it is:
/// names and addresses in DNS, in banners and in other payloads.
public struct PacketAnonymiser: Sendable {
    /// What came of a file.
    public struct Result: Sendable, Codable, Hashable {
        /// How many frames were copied.
        public internal(set) var frames = 0
        /// How many frames have something in them that is not known; of these, some addresses may be left.
        public internal(set) var unknown = 0
        /// Whether the file ended within a frame, which was left out.
        public internal(set) var isCut = false
    }

    private static let longestFrame = 1 << 18

    private let map: AddressMap

    /// Prepares the work.
    ///
    /// - Parameter map: What addresses are replaced by.
    public init(_ map: AddressMap) {
        self.map = map
    }

    /// Copies a file.
    ///
    /// - Parameters:
    ///   - source: The file, which may be anybody's.
    ///   - target: The copy; a file of that name is replaced once the copy is whole.
    /// - Returns: What came of it.
    /// - Throws: ``HostSupport/Failure`` where it is no such file, where a frame is too long to be one, or where the copy
    ///   cannot be written; `CancellationError`.
    public func copy(_ source: HostPath, to target: HostPath) throws -> Result {
        guard FileSystem.isRegularFile(source), let input = fopen(source.string, "re") else {
            throw Failure(.notFound, "there is no file \(source)")
        }
        defer { fclose(input) }
        let draft = target.draft
        guard let output = fopen(draft.string, "we") else {
            throw Failure(.cannotCreate, "cannot write \(target): \(systemMessage(errno))")
        }
        defer { unlink(draft.string) }
        let result: Result
        do {
            defer { fclose(output) }
            result = try copy(input, to: output, source)
            guard fflush(output) == 0, ferror(output) == 0, fsync(fileno(output)) == 0 else {
                throw Failure(.inputOutput, "cannot write \(target): \(systemMessage(errno))")
            }
        }
        try FileSystem.rename(draft, to: target)
        return result
    }

    private func copy(
        _ input: UnsafeMutablePointer<FILE>,
        to output: UnsafeMutablePointer<FILE>,
        _ source: HostPath
    ) throws -> Result {
        var head = [UInt8](repeating: 0, count: 24)
        let isSwapped: Bool
        let count = fread(&head, 1, head.count, input)
        switch (count, Self.word(head, 0, isSwapped: false)) {
        case (24, 0xA1B2_3C4D), (24, 0xA1B2_C3D4): isSwapped = false
        case (24, 0x4D3C_B2A1), (24, 0xD4C3_B2A1): isSwapped = true
        default: throw Failure(.badData, "\(source) is no packet capture")
        }
        guard Self.word(head, 20, isSwapped: isSwapped) & 0x0FFF_FFFF == 1 else {
            throw Failure(.badData, "\(source) is not of an Ethernet: its addresses cannot be replaced")
        }
        fwrite(head, 1, head.count, output)
        var result = Result()
        var record = [UInt8](repeating: 0, count: 16)
        while true {
            if result.frames % 1024 == 0 { try Task.checkCancellation() }
            let read = fread(&record, 1, record.count, input)
            guard read == record.count else {
                result.isCut = read > 0
                return result
            }
            let length = Int(Self.word(record, 8, isSwapped: isSwapped))
            guard length <= Self.longestFrame else {
                throw Failure(
                    .badData,
                    "\(source) has a frame of \(length) bytes, number \(result.frames + 1)"
                )
            }
            var frame = [UInt8](repeating: 0, count: length)
            guard fread(&frame, 1, length, input) == length else {
                result.isCut = true
                return result
            }
            let rewritten = FrameRewriter.rewrite(frame, map)
            result.frames += 1
            if rewritten.outcome == .unknown { result.unknown += 1 }
            fwrite(record, 1, record.count, output)
            fwrite(rewritten.frame, 1, length, output)
        }
    }

    private static func word(_ bytes: [UInt8], _ offset: Int, isSwapped: Bool) -> UInt32 {
        let value = bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        return isSwapped ? value.byteSwapped : value
    }
}
