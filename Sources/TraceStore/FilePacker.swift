import CZstd
public import HostSupport
import Traces

/// Packs files into frames of zstd, which the plain `zstd` command unpacks.
///
/// What is packed against a reference needs that again: `zstd -d --long=31 --patch-from=REFERENCE`.
public struct FilePacker: Sendable {
    /// The largest file and reference together, in bytes: a distance has 32 bits, and 3 values of it mean others.
    public static let largest = 1 << 31

    private let effort: Effort
    private let isChecked: Bool

    /// Prepares to pack.
    ///
    /// - Parameters:
    ///   - effort: How long to search.
    ///   - isChecked: Whether to unpack what was packed, and to compare it, before it gets its name.
    public init(effort: Effort = .normal, isChecked: Bool = true) {
        self.effort = effort
        self.isChecked = isChecked
    }

    /// Packs a file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - reference: The file that it is packed against; nothing where it shall stand alone.
    ///   - target: What to call the result, which is there whole or not at all; one that is there is replaced.
    ///   - progress: Told how much is done, from 0 to 1, where it takes long.
    /// - Returns: The sizes and digests of both.
    /// - Throws: ``StoreError`` where a file cannot be read or written; `CancellationError`.
    @concurrent public func pack(
        _ file: HostPath,
        against reference: HostPath? = nil,
        to target: HostPath,
        progress: @Sendable (Double) -> Void = { _ in }
    ) async throws -> PackedFile {
        let source = try MappedFile(file)
        let prefix = try reference.map { try MappedFile($0) }
        if let prefix, source.bytes.count + prefix.bytes.count > Self.largest {
            return try await pack(file, to: target, progress: progress)
        }
        async let contents = Self.facts(of: source)
        // Only what is written to is taken of so much room.
        let room = ZSTD_compressBound(source.bytes.count)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
        defer { output.deallocate() }
        let (count, known) = try write(source.bytes, prefix?.bytes, to: output, file, progress)
        let frame = UnsafeRawBufferPointer(rebasing: output[..<count])
        if isChecked {
            try Frame(bytes: frame, name: target).expect(source.bytes, prefix: prefix?.bytes)
        }
        try Task.checkCancellation()
        let draft = try MappedDraft(target, byteCount: count)
        draft.bytes.copyMemory(from: frame)
        try draft.finish()
        return PackedFile(contents: await contents, packed: .init(frame), knownBytes: known)
    }

    /// On a processor of its own where one is free: reading the file for its digest takes as long as finding matches.
    @concurrent private static func facts(of file: MappedFile) async -> PackedFile.Facts {
        PackedFile.Facts(file.bytes)
    }

    private func write(
        _ file: UnsafeRawBufferPointer,
        _ reference: UnsafeRawBufferPointer?,
        to output: UnsafeMutableRawBufferPointer,
        _ name: HostPath,
        _ progress: (Double) -> Void
    ) throws -> (count: Int, known: UInt64?) {
        if let reference, let found = try? SnapshotMatches(file, in: reference) {
            let gaps = found.gaps
            // Where much is left, nobody knows which pieces of the reference it resembles: zstd searches all of it.
            if gaps.reduce(0, { $0 + $1.count }) <= file.count / 8 {
                let more = try ResidueSearch(file, in: reference)
                    .matches(gaps, likely: found.likely, level: effort.residueLevel, name: name)
                var distances = RecentDistances(file, in: reference)
                let frame = SequenceFrame(
                    distances.preferred(to: merge(found.matches, more)),
                    byteCount: file.count,
                    referenceCount: reference.count
                )
                let known = found.matches.reduce(0) { $0 + UInt64($1.count) }
                return (try frame.write(file, to: output, name: name), known)
            }
        }
        let way = effort.search(byteCount: file.count, hasReference: reference != nil)
        return (try search(file, reference, way, to: output, name, progress), nil)
    }

    /// Lets zstd do all of it.
    private func search(
        _ file: UnsafeRawBufferPointer,
        _ reference: UnsafeRawBufferPointer?,
        _ way: Effort.Search,
        to output: UnsafeMutableRawBufferPointer,
        _ name: HostPath,
        _ progress: (Double) -> Void
    ) throws -> Int {
        let compressor = try ZstdCompressor(for: name)
        try compressor.set(ZSTD_c_compressionLevel, way.level)
        try compressor.set(ZSTD_c_checksumFlag, 1)
        // What stands alone is unpacked by any zstd, without a word about its window.
        let window = Zstd.windowLog(file.count + (reference?.count ?? 0))
        try compressor.set(ZSTD_c_windowLog, reference == nil ? min(window, 27) : window)
        let long = way.isLongDistance ? ZSTD_ps_enable : ZSTD_ps_disable
        try compressor.set(ZSTD_c_enableLongDistanceMatching, Int32(long.rawValue))
        if let reference {
            try compressor.check(
                ZSTD_CCtx_refPrefix(compressor.context, reference.baseAddress, reference.count)
            )
        }
        try compressor.check(ZSTD_CCtx_setPledgedSrcSize(compressor.context, UInt64(file.count)))
        var input = ZSTD_inBuffer(src: file.baseAddress, size: 0, pos: 0)
        var result = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        repeat {
            try Task.checkCancellation()
            input.size = min(file.count, input.pos + 4 << 20)
            let isLast = input.size == file.count
            var left: Int
            repeat {
                left = try compressor.check(
                    ZSTD_compressStream2(
                        compressor.context,
                        &result,
                        &input,
                        isLast ? ZSTD_e_end : ZSTD_e_continue
                    )
                )
            } while isLast ? left > 0 : input.pos < input.size
            if file.count > 0 { progress(Double(input.pos) / Double(file.count)) }
        } while input.pos < file.count
        return result.pos
    }
}

/// Both in the order of the file.
private func merge(_ first: [KnownMatch], _ second: [KnownMatch]) -> [KnownMatch] {
    var merged: [KnownMatch] = []
    merged.reserveCapacity(first.count + second.count)
    var next = 0
    for match in first {
        while next < second.count, second[next].offset < match.offset {
            merged.append(second[next])
            next += 1
        }
        merged.append(match)
    }
    return merged + second[next...]
}

extension PackedFile.Facts {
    init(_ bytes: UnsafeRawBufferPointer) {
        var digest = RunningDigest(.sha256)
        digest.update(bytes)
        self.init(bytes: UInt64(bytes.count), sha256: digest.text)
    }
}
