import Glibc

extension UnsafeRawBufferPointer {
    /// How many bytes are the same from two places on.
    func commonCount(from start: Int, with other: UnsafeRawBufferPointer, from otherStart: Int) -> Int {
        let limit = Swift.min(count - start, other.count - otherStart)
        guard limit > 0, let first = baseAddress, let second = other.baseAddress else { return 0 }
        let (one, two) = (first + start, second + otherStart)
        var common = 0
        // Whole stretches first: most of a snapshot is one.
        let stretch = 1 << 16
        while limit - common >= stretch, memcmp(one + common, two + common, stretch) == 0 {
            common += stretch
        }
        while limit - common >= 8 {
            let difference =
                (one + common).loadUnaligned(as: UInt64.self) ^ (two + common).loadUnaligned(as: UInt64.self)
            guard difference == 0 else { return common + difference.littleEndian.trailingZeroBitCount / 8 }
            common += 8
        }
        while common < limit,
            (one + common).load(as: UInt8.self) == (two + common).load(as: UInt8.self)
        {
            common += 1
        }
        return common
    }
}
