import HostSupport

/// Reads an archive of any form, from wherever its bytes come.
struct ArchiveReader {
    let form: TraceForm
    let wrapping: ArchiveWrapping
    private let limits: ArchiveLimits
    private let open: (UInt64) throws -> any ByteProducer

    /// Finds out the form by what is in the archive; there is none where the bytes begin as neither gzip, nor tar, nor
    /// an `.rr` file.
    init?(limits: ArchiveLimits, open: @escaping (UInt64) throws -> any ByteProducer) throws {
        let start = try open(0)
        guard let head = try start.next(), let wrapping = try ArchiveWrapping(of: head) else { return nil }
        self.wrapping = wrapping
        self.limits = limits
        self.open = open
        if case .rr = wrapping {
            form = .rr
        } else {
            form = try Self.form(of: TarReader(wrapping.unwrap(open(wrapping.offset), limits: limits)))
        }
    }

    /// Tells the form by the first member that is in its place.
    private static func form(of tar: TarReader) throws -> TraceForm {
        var seen = 0
        while let member = try tar.next(), seen < 8 {
            seen += 1
            let path = try SafePath(of: member).components
            if path.count == 1, MemberPlace.rr2Parts[path[0]] != nil { return .rr2 }
            if path.count == 2, MemberPlace.rrarchiveParts[path[1]] != nil { return .rrarchive }
        }
        throw TraceArchiveError(.unknownForm, "it is an archive, and none of a recording")
    }

    /// Reads everything, and compares it with the archive's own digests.
    ///
    /// - Parameters:
    ///   - progress: Told now and then how many bytes of the archive have been read.
    ///   - sink: Where the snapshot or the log goes, given the part, the recording's name if the archive has one, and
    ///     the size; nothing where it is not wanted.
    /// - Returns: What was found.
    /// - Throws: ``TraceArchiveError``, and what `sink` throws.
    func read(
        progress: (UInt64) -> Void = { _ in },
        into sink: (MemberPart, String?, UInt64) throws -> (any ByteConsumer)? = { _, _, _ in nil }
    ) throws -> ArchiveContents {
        if case .rr(let header) = wrapping, try md5(of: open(wrapping.offset)) != header.md5 {
            throw TraceArchiveError(
                .digestMismatch,
                at: 16,
                "the MD5 digest in the header is not that of what follows: the file was damaged or cut"
            )
        }
        let input = try wrapping.unwrap(open(wrapping.offset), limits: limits)
        let tar = try TarReader(input)
        var found = FoundMembers(form: form, limits: limits)
        while let member = try tar.next() {
            guard let (part, digests) = try found.begin(member) else {
                try tar.read(member) { _ in progress(input.consumed) }
                continue
            }
            var text: [UInt8] = []
            let target = part.isText ? nil : try sink(part, found.recording, member.size)
            try tar.read(member) { block in
                digests.update(block)
                if part.isText { text += block } else { try target?.write(block) }
                progress(input.consumed)
            }
            try target?.finish()
            try found.end(part, member, digests, text)
        }
        found.warnings += tar.remarks
        return try found.contents(rr: wrapping)
    }
}
