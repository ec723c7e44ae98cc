import CZstd
import HostSupport

/// Writes a frame of zstd whose matches are known.
///
/// A match may lie in the reference, as if that stood right before the file: that is what `--patch-from` expects. It
/// may not cross the end of a block, and a block has 128 KiB at most (RFC 8878, 3.1.1.2.4).
struct SequenceFrame {
    private static let blockBytes = 1 << 17
    private static let leastMatch = 3

    private var sequences: [ZSTD_Sequence] = []
    private var position = 0
    private var literals = 0
    private var blockEnd = blockBytes

    /// Lays down matches.
    ///
    /// - Parameters:
    ///   - matches: Matches in the order of the file, which do not overlap.
    ///   - byteCount: The size of the file in bytes.
    ///   - referenceCount: The size of the reference in bytes.
    init(_ matches: [KnownMatch], byteCount: Int, referenceCount: Int) {
        sequences.reserveCapacity(matches.count + byteCount / Self.blockBytes * 2 + 2)
        for match in matches {
            addLiterals(upTo: match.offset)
            add(match.count, distance: referenceCount + match.offset - match.source)
        }
        addLiterals(upTo: byteCount)
        if position > blockEnd - Self.blockBytes { endBlock() }
    }

    /// Writes the frame.
    ///
    /// - Parameters:
    ///   - file: The whole file.
    ///   - output: Room for what zstd takes at most for it.
    ///   - name: The file's name, for errors.
    /// - Returns: The size of the frame in bytes.
    /// - Throws: ``StoreError``.
    func write(_ file: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer, name: HostPath)
        throws(StoreError) -> Int
    {
        let compressor = try ZstdCompressor(for: name)
        try compressor.set(CZstd_blockDelimiters, Int32(ZSTD_sf_explicitBlockDelimiters.rawValue))
        try compressor.set(ZSTD_c_checksumFlag, 1)
        // The window holds the file, so that all of the reference stays within reach (RFC 8878, 5.).
        try compressor.set(ZSTD_c_windowLog, Zstd.windowLog(file.count))
        // Distances that come again are written as such only where this is said, or the level is above 9.
        try compressor.set(CZstd_searchForRepeatedOffsets, Int32(ZSTD_ps_enable.rawValue))
        // Nothing is searched, so that the dearest strategy costs no more than comparing codes for each block.
        try compressor.set(ZSTD_c_strategy, Int32(ZSTD_btultra2.rawValue))
        // The smallest tables will do, and room for as many sequences as a block can have.
        try compressor.set(ZSTD_c_hashLog, 6)
        try compressor.set(ZSTD_c_chainLog, 6)
        try compressor.set(ZSTD_c_minMatch, 3)
        return try compressor.check(
            ZSTD_compressSequences(
                compressor.context,
                output.baseAddress,
                output.count,
                sequences,
                sequences.count,
                file.baseAddress,
                file.count
            )
        )
    }

    private mutating func addLiterals(upTo end: Int) {
        while position < end {
            let count = min(end, blockEnd) - position
            literals += count
            advance(count)
        }
    }

    private mutating func add(_ count: Int, distance: Int) {
        var left = count
        while left > 0 {
            let part = min(left, blockEnd - position)
            if part < Self.leastMatch {
                literals += part
            } else {
                sequences.append(
                    ZSTD_Sequence(
                        offset: UInt32(distance),
                        litLength: UInt32(literals),
                        matchLength: UInt32(part),
                        rep: 0
                    )
                )
                literals = 0
            }
            advance(part)
            left -= part
        }
    }

    private mutating func advance(_ count: Int) {
        position += count
        if position == blockEnd { endBlock() }
    }

    private mutating func endBlock() {
        sequences.append(ZSTD_Sequence(offset: 0, litLength: UInt32(literals), matchLength: 0, rep: 0))
        literals = 0
        blockEnd = position + Self.blockBytes
    }
}
