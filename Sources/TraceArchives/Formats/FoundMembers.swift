import HostSupport

/// The members of an archive, as they are found.
struct FoundMembers {
    struct Member {
        let digests: MemberDigests
        /// Its name and its place, for messages.
        let name: String
        let offset: UInt64
        let text: String
    }

    let form: TraceForm
    let limits: ArchiveLimits
    var warnings: [String] = []
    /// The recording's name, as the archive gives it.
    private(set) var recording: String?
    private(set) var members: [MemberPart: Member] = [:]
    private var count = 0

    init(form: TraceForm, limits: ArchiveLimits) {
        self.form = form
        self.limits = limits
    }

    /// Takes note of a member's header; gives nothing where the member is to be passed over.
    mutating func begin(_ header: TarMember) throws -> (MemberPart, MemberDigests)? {
        count += 1
        guard count <= limits.members else {
            throw TraceArchiveError(
                .tooLarge,
                at: header.offset,
                "it has more than \(limits.members) members"
            )
        }
        let place = try MemberPlace(of: header, in: form)
        let name = Console.printable(header.name ?? "")
        func error(_ code: TraceArchiveError.Code, _ message: String) -> TraceArchiveError {
            TraceArchiveError(code, member: name, at: header.offset, message)
        }
        if let other = place.recording {
            if let recording, recording != other {
                throw error(
                    .unsafeName,
                    "it belongs to another recording than '\(Console.printable(recording))'"
                )
            }
            recording = other
        }
        guard header.size <= limits.unpackedBytes else {
            throw error(
                .tooLarge,
                "it claims \(header.size) bytes, more than the \(limits.unpackedBytes) allowed"
            )
        }
        guard let part = place.part else {
            if header.kind == .file { warnings.append("the member '\(name)' is unknown and was left out") }
            return nil
        }
        guard members[part] == nil else { throw error(.duplicateMember, "it is there twice") }
        if part.isText, header.size > limits.textBytes {
            throw error(
                .tooLarge,
                "a member of text may have \(limits.textBytes) bytes and claims \(header.size)"
            )
        }
        if form == .rrarchive, part != .mark, members[.mark] == nil {
            warnings.append("the member 'PANDArr' is not the first, where newer tools look for it")
        }
        return (part, MemberDigests(withSHA1: form == .rr2))
    }

    /// Takes note of what a member held.
    mutating func end(
        _ part: MemberPart,
        _ header: TarMember,
        _ digests: MemberDigests,
        _ bytes: [UInt8]
    ) throws {
        let name = Console.printable(header.name ?? "")
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TraceArchiveError(.invalidText, member: name, at: header.offset, "it is no UTF-8")
        }
        members[part] = Member(digests: digests, name: name, offset: header.offset, text: text)
    }

    /// What it all comes to.
    mutating func contents(rr wrapping: ArchiveWrapping) throws -> ArchiveContents {
        guard let snapshot = members[.snapshot], let log = members[.log] else {
            let missing = members[.snapshot] == nil ? "snapshot" : "log"
            throw TraceArchiveError(.missingMember, "it has no \(missing)")
        }
        var contents = ArchiveContents(
            form: form,
            name: recording,
            snapshot: snapshot.digests.file,
            log: log.digests.file,
            warnings: []
        )
        if form == .rr2 || form == .rrarchive { try checkMark() }
        if let command = members[.command]?.text.trimmingEnd, !command.isEmpty { contents.command = command }
        switch form {
        case .rr2:
            try checkSHA1()
            readMetadata(&contents)
        case .rrarchive: try readRRArchiveMetadata(&contents)
        case .rr:
            if case .rr(let header) = wrapping { try checkCount(header.instructions, "header") }
        case .files: break
        }
        contents.warnings = warnings
        return contents
    }

    private mutating func checkMark() throws {
        guard let mark = members[.mark] else {
            throw TraceArchiveError(.missingMember, "it has no \(form == .rr2 ? "RRv2" : "PANDArr")")
        }
        let text = mark.text.trimmingEnd
        guard text == Console.printable(text) else {
            throw TraceArchiveError(
                .invalidText,
                member: mark.name,
                at: mark.offset,
                "expected a line of text: found control characters"
            )
        }
        guard form == .rrarchive else { return }
        let expected = "PANDArr:version=1:basename=\(recording ?? "")"
        if text != expected {
            warnings.append("expected '\(expected)' in the member 'PANDArr': found '\(text.prefix(200))'")
        }
    }

    /// Compares an instruction count with the log's, forgiving the two scripts that take it from the wrong place.
    mutating func checkCount(_ count: UInt64, _ place: String) throws {
        guard let counts = members[.log]?.digests.counts, counts.header != count else { return }
        guard counts.wrong == count else {
            throw TraceArchiveError(
                .digestMismatch,
                "the \(place) speaks of \(count) instructions, and the log's own header of \(counts.header)"
            )
        }
        warnings.append(
            "the \(place) speaks of \(count) instructions instead of \(counts.header): PANDA's script reads the count "
                + "at byte 16 of the log, where PANDA 1 had it"
        )
    }
}

extension String {
    /// The text without line feeds and spaces at its end.
    var trimmingEnd: String {
        var scalars = unicodeScalars
        while let last = scalars.last, last == "\n" || last == " " || last == "\r" { scalars.removeLast() }
        return String(scalars)
    }
}
