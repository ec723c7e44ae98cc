import CZstd
import HostSupport

/// Looks for more matches in what known ones leave, with zstd's own search.
///
/// The gaps are laid one behind the other, and so are the pieces of the reference that they probably resemble: that is
/// all that is searched, a few hundredths of the file. What is found is brought back to its places in file and
/// reference, and cut where pieces meet.
struct ResidueSearch {
    // What the format can express.
    private static let leastMatch = 3

    private let file: UnsafeRawBufferPointer
    private let reference: UnsafeRawBufferPointer

    init(_ file: UnsafeRawBufferPointer, in reference: UnsafeRawBufferPointer) {
        self.file = file
        self.reference = reference
    }

    /// Searches the gaps between matches.
    ///
    /// - Parameters:
    ///   - gaps: The gaps.
    ///   - likely: The pieces of the reference to search.
    ///   - level: The level of zstd's search.
    ///   - name: The file's name, for errors.
    /// - Returns: Matches within the gaps, in the order of the file.
    /// - Throws: ``StoreError``.
    func matches(_ gaps: [Range<Int>], likely: [Range<Int>], level: Int32, name: HostPath) throws(StoreError)
        -> [KnownMatch]
    {
        let (residue, residueMap) = splice(gaps, of: file, origin: reference.count)
        defer { residue.deallocate() }
        let (prefix, prefixMap) = splice(likely, of: reference, origin: 0)
        defer { prefix.deallocate() }

        let compressor = try ZstdCompressor(for: name)
        try compressor.set(ZSTD_c_compressionLevel, level)
        try compressor.set(ZSTD_c_windowLog, Zstd.windowLog(prefix.count + residue.count))
        // Where blocks are split, sequences are told twice.
        try compressor.set(CZstd_blockSplitter, Int32(ZSTD_ps_disable.rawValue))
        try compressor.check(ZSTD_CCtx_refPrefix(compressor.context, prefix.baseAddress, prefix.count))
        let capacity = residue.count / Self.leastMatch + residue.count / (1 << 10) + 64
        let found = UnsafeMutableBufferPointer<ZSTD_Sequence>.allocate(capacity: capacity)
        defer { found.deallocate() }
        let count = try compressor.check(
            ZSTD_generateSequences(
                compressor.context,
                found.baseAddress,
                capacity,
                residue.baseAddress,
                residue.count
            )
        )

        var matches: [KnownMatch] = []
        matches.reserveCapacity(count)
        var position = 0
        for sequence in found.prefix(count) {
            position += Int(sequence.litLength)
            var left = Int(sequence.matchLength)
            while left > 0 {
                let target = residueMap.origin(of: position)
                let back = position - Int(sequence.offset)
                let source =
                    back < 0 ? prefixMap.origin(of: prefix.count + back) : residueMap.origin(of: back)
                let length = min(left, target.room, source.room)
                if length >= Self.leastMatch {
                    matches.append(
                        KnownMatch(
                            offset: target.origin - reference.count,
                            source: source.origin,
                            count: length
                        )
                    )
                }
                position += length
                left -= length
            }
        }
        return matches
    }

    private func splice(_ pieces: [Range<Int>], of bytes: UnsafeRawBufferPointer, origin: Int)
        -> (UnsafeMutableRawBufferPointer, SpliceMap)
    {
        var map = SpliceMap()
        let all = UnsafeMutableRawBufferPointer.allocate(
            byteCount: pieces.reduce(0) { $0 + $1.count },
            alignment: 16
        )
        for piece in pieces {
            UnsafeMutableRawBufferPointer(rebasing: all[map.count..<map.count + piece.count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[piece]))
            map.append(origin: origin + piece.lowerBound, count: piece.count)
        }
        return (all, map)
    }
}
