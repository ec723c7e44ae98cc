extension SnapshotEnding {
    /// The most that is read from the end of a file, in bytes; descriptions take some ten thousand.
    static let window = 1 << 20

    private static let endMarker: UInt8 = 0x00
    private static let descriptionMarker: UInt8 = 0x06
    private static let footerMarker: UInt8 = 0x7e

    /// Looks at the last bytes of a stream.
    ///
    /// Source: `qemu_savevm_state_complete_precopy` in QEMU's `migration/savevm.c`.
    init(of tail: ByteView, hasFooters: Bool) {
        guard tail.count > 0 else {
            self = .cut
            return
        }
        let last = tail.count - 1
        if tail.byte(at: last) == Self.endMarker {
            if !hasFooters {
                self = .unconfirmed
            } else {
                self = Self.hasFooter(before: last, in: tail) ? .undescribed : .cut
            }
        } else if let length = Self.descriptionLength(in: tail, hasFooters: hasFooters) {
            self = .described(bytes: length)
        } else {
            self = .cut
        }
    }

    /// Walks back to the brace that begins the description: the bytes before it say how far that is.
    private static func descriptionLength(in tail: ByteView, hasFooters: Bool) -> Int? {
        guard tail.byte(at: tail.count - 1) == UInt8(ascii: "}") else { return nil }
        var start = tail.count - 1
        // The end marker, the description's marker and its length take 6 bytes.
        while start >= 6, (0x20..<0x7f).contains(tail.byte(at: start)) {
            let length = tail.count - start
            if tail.byte(at: start) == UInt8(ascii: "{"),
                Int(tail.bigEndian(at: start - 4, as: UInt32.self)) == length,
                tail.byte(at: start - 5) == descriptionMarker,
                tail.byte(at: start - 6) == endMarker,
                !hasFooters || hasFooter(before: start - 6, in: tail)
            {
                return length
            }
            start -= 1
        }
        return nil
    }

    /// A footer is its marker and the section's number.
    private static func hasFooter(before end: Int, in tail: ByteView) -> Bool {
        end >= 5 && tail.byte(at: end - 5) == footerMarker
    }
}
