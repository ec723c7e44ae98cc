/// Replaces the addresses in one Ethernet frame, and keeps right what was right of its checksums.
///
/// Sources: IEEE 802.1Q, RFC 826 (ARP), RFC 791 and 792 (IPv4, ICMP), RFC 8200, 4443, 4861 (IPv6, ICMPv6), RFC 768, RFC
/// 9293, RFC 1624 (checksums that are changed with what they are of). A frame may be anybody's: what does not fit is left
/// as it is, and nothing is believed of lengths.
struct FrameRewriter {
    /// What kept a frame's addresses from being replaced, or a part of them.
    enum Outcome: Hashable {
        /// All addresses in headers that are known were replaced; it may have none.
        case read
        /// It carries something that is not known.
        case unknown
    }

    /// A checksum that is to be kept right.
    private struct Sum {
        let place: Int
        /// Whether none is written as 0, and 0 as all ones (UDP).
        var isOptional = false
    }

    /// A packet in an error message, in a tunnel, and so on.
    private static let deepest = 4

    private let map: AddressMap
    private var frame: [UInt8]
    private var outcome = Outcome.read
    /// The checksums of the messages that the place is in: of all that is changed there, of checksums, too.
    private var enclosing: [Sum] = []

    private init(_ frame: [UInt8], _ map: AddressMap) {
        self.frame = frame
        self.map = map
    }

    /// Replaces the addresses in a frame.
    ///
    /// - Parameters:
    ///   - frame: The frame.
    ///   - map: What they are replaced by.
    /// - Returns: The frame, as long as it was, and what came of it.
    static func rewrite(_ frame: [UInt8], _ map: AddressMap) -> (frame: [UInt8], outcome: Outcome) {
        var rewriter = FrameRewriter(frame, map)
        rewriter.readEthernet()
        return (rewriter.frame, rewriter.outcome)
    }

    private mutating func readEthernet() {
        guard frame.count >= 14 else {
            outcome = .unknown
            return
        }
        var type = word(12)
        var offset = 14
        while type == 0x8100 || type == 0x88A8, frame.count >= offset + 4 {
            type = word(offset + 2)
            offset += 4
        }
        switch type {
        case 0x0800: readVersion4(offset, end: frame.count, depth: 0)
        case 0x86DD: readVersion6(offset, end: frame.count, depth: 0)
        case 0x0806, 0x8035: readResolution(offset)
        default: outcome = .unknown
        }
    }

    private mutating func readResolution(_ start: Int) {
        guard frame.count >= start + 8, word(start + 2) == 0x0800, frame[start + 5] == 4 else {
            outcome = .unknown
            return
        }
        let hardware = Int(frame[start + 4])
        for place in [start + 8 + hardware, start + 12 + 2 * hardware] { replace(place, count: 4) }
    }

    private mutating func readVersion4(_ start: Int, end: Int, depth: Int) {
        guard end >= start + 20, frame[start] >> 4 == 4, depth < Self.deepest else {
            outcome = .unknown
            return
        }
        let header = start + Int(frame[start] & 15) * 4
        let next = frame[start + 9]
        let isFirst = word(start + 6) & 0x1FFF == 0
        let length = Int(word(start + 2))
        // Checksum offload writes a length of 0; what is behind the packet fills the frame up.
        let end = length >= 20 ? min(end, start + length) : end
        let segment = isFirst && header >= start + 20 && header <= end ? header : nil
        let ofHeader = Sum(place: start + 10)
        // The sums of TCP and UDP are of the addresses, too.
        let sums = [ofHeader] + (segment.flatMap { sum(of: next, $0, end: end) }.map { [$0] } ?? [])
        replace(start + 12, count: 4, sums)
        replace(start + 16, count: 4, sums)
        readOptions(start + 20, end: min(header, end), ofHeader)
        guard let segment else { return }
        switch next {
        case 1: readControl4(segment, end: end, depth: depth)
        case 4: readVersion4(segment, end: end, depth: depth + 1)
        case 41: readVersion6(segment, end: end, depth: depth + 1)
        case 6, 17: break
        default: outcome = .unknown
        }
    }

    /// The routes in a packet's options: RFC 791, record route and the two source routes.
    private mutating func readOptions(_ start: Int, end: Int, _ sum: Sum) {
        var place = start
        while place + 1 < end, frame[place] != 0 {
            let kind = frame[place]
            guard kind != 1 else {
                place += 1
                continue
            }
            let length = Int(frame[place + 1])
            guard length >= 2, place + length <= end else { return }
            if [7, 131, 137].contains(kind) {
                for address in stride(from: place + 3, through: place + length - 4, by: 4) {
                    replace(address, count: 4, [sum])
                }
            }
            place += length
        }
    }

    private mutating func readControl4(_ start: Int, end: Int, depth: Int) {
        guard end >= start + 8 else { return }
        enclosing.append(Sum(place: start + 2))
        defer { enclosing.removeLast() }
        switch frame[start] {
        case 3, 4, 11, 12: readVersion4(start + 8, end: end, depth: depth + 1)
        case 5:
            replace(start + 4, count: 4)
            readVersion4(start + 8, end: end, depth: depth + 1)
        default: break
        }
    }

    private mutating func readVersion6(_ start: Int, end: Int, depth: Int) {
        guard end >= start + 40, frame[start] >> 4 == 6, depth < Self.deepest else {
            outcome = .unknown
            return
        }
        let length = Int(word(start + 4))
        let end = length > 0 ? min(end, start + 40 + length) : end
        var next = frame[start + 6]
        var place = start + 40
        var isFirst = true
        var routes: [Int] = []
        var isUnderWay = false
        // Extension headers, of which a packet has as many as fit.
        while [0, 43, 44, 60].contains(next), place + 8 <= end {
            if next == 44, word(place + 2) & 0xFFF8 != 0 { isFirst = false }
            let bytes = next == 44 ? 8 : 8 * (Int(frame[place + 1]) + 1)
            if next == 43 {
                routes = Array(stride(from: place + 8, through: min(place + bytes, end) - 16, by: 16))
                isUnderWay = frame[place + 3] > 0
            }
            next = frame[place]
            place += bytes
            if !isFirst { break }
        }
        let segment = isFirst && place <= end ? place : nil
        let sums = segment.flatMap { sum(of: next, $0, end: end) }.map { [$0] } ?? []
        // What is sent by a route has the sum of where it goes in the end.
        let last = isUnderWay ? routes.last : nil
        replace(start + 8, count: 16, sums)
        replace(start + 24, count: 16, last == nil ? sums : [])
        for route in routes { replace(route, count: 16, route == last ? sums : []) }
        guard let segment else { return }
        switch next {
        case 58: readControl6(segment, end: end, depth: depth)
        case 4: readVersion4(segment, end: end, depth: depth + 1)
        case 41: readVersion6(segment, end: end, depth: depth + 1)
        case 6, 17, 59: break
        default: outcome = .unknown
        }
    }

    private mutating func readControl6(_ start: Int, end: Int, depth: Int) {
        guard end >= start + 8 else { return }
        enclosing.append(Sum(place: start + 2))
        defer { enclosing.removeLast() }
        switch frame[start] {
        case 1...4: readVersion6(start + 8, end: end, depth: depth + 1)
        case 130...132: replace(start + 8, count: 16, end: end)
        case 134: readNeighbourOptions(start + 16, end: end)
        case 135, 136:
            replace(start + 8, count: 16, end: end)
            readNeighbourOptions(start + 24, end: end)
        case 137:
            replace(start + 8, count: 16, end: end)
            replace(start + 24, count: 16, end: end)
        default: break
        }
    }

    /// The prefixes that a router tells of: RFC 4861, 4.6.2.
    private mutating func readNeighbourOptions(_ start: Int, end: Int) {
        var place = start
        while place + 8 <= end {
            let bytes = 8 * Int(frame[place + 1])
            guard bytes > 0, place + bytes <= end else { return }
            if frame[place] == 3, bytes >= 32 { replace(place + 16, count: 16) }
            place += bytes
        }
    }

    /// The checksum that is taken over the addresses, too.
    private func sum(of transport: UInt8, _ segment: Int, end: Int) -> Sum? {
        let places: [UInt8: Int] = [6: 16, 17: 6, 58: 2]
        guard let offset = places[transport], segment + offset + 2 <= end else { return nil }
        // A datagram without a checksum keeps none.
        if transport == 17, word(segment + offset) == 0 { return nil }
        return Sum(place: segment + offset, isOptional: transport == 17)
    }

    private mutating func replace(_ place: Int, count: Int, _ sums: [Sum] = [], end: Int? = nil) {
        guard place + count <= min(frame.count, end ?? frame.count),
            let address = IPAddress(bytes: frame[place..<place + count])
        else { return }
        write(map.replacement(for: address).bytes, at: place, sums, within: enclosing.count)
    }

    /// Writes bytes, and corrects the checksums that are taken over them.
    ///
    /// A checksum that changes is a change of the message that it is in.
    private mutating func write(_ bytes: [UInt8], at place: Int, _ sums: [Sum], within depth: Int) {
        let old = Array(frame[place..<place + bytes.count])
        guard bytes != old else { return }
        frame.replaceSubrange(place..<place + bytes.count, with: bytes)
        for sum in sums { correct(sum, old, bytes, at: place, within: depth) }
        for number in (0..<depth).reversed() {
            correct(enclosing[number], old, bytes, at: place, within: number)
        }
    }

    private mutating func correct(
        _ sum: Sum,
        _ old: [UInt8],
        _ new: [UInt8],
        at place: Int,
        within depth: Int
    ) {
        guard sum.place + 2 <= frame.count else { return }
        // Every header begins at an even place.
        func shifted(_ byte: UInt8, _ place: Int) -> UInt32 { UInt32(byte) << (place % 2 == 0 ? 8 : 0) }
        var value = UInt32(~word(sum.place))
        for index in old.indices {
            value += shifted(~old[index], place + index) + shifted(new[index], place + index)
        }
        while value >> 16 != 0 { value = (value & 0xFFFF) + (value >> 16) }
        var after = ~UInt16(value)
        if sum.isOptional, after == 0 { after = 0xFFFF }
        write([UInt8(after >> 8), UInt8(after & 255)], at: sum.place, [], within: depth)
    }

    private func word(_ offset: Int) -> UInt16 { UInt16(frame[offset]) << 8 | UInt16(frame[offset + 1]) }
}
