import HostSupport

/// What a member is to the recording.
enum MemberPart: Hashable {
    /// The form's mark.
    case mark
    case command
    case snapshot
    case log
    case metadata
    case hashes

    /// Whether it is kept in memory.
    var isText: Bool { self != .snapshot && self != .log }
}

/// Where a member belongs, told by its name.
struct MemberPlace: Hashable {
    /// What it is; nothing where the form knows no such member, which is passed over.
    var part: MemberPart?
    /// The recording's name, where the member's name holds it.
    var recording: String?

    /// - Throws: ``TraceArchiveError`` where the name is one that no archive of that form has for a good reason.
    init(of member: TarMember, in form: TraceForm) throws(TraceArchiveError) {
        let path = try SafePath(of: member)
        func unsafe(_ message: String) -> TraceArchiveError {
            TraceArchiveError(.unsafeName, member: path.text, at: member.offset, message)
        }
        let components = path.components
        guard member.kind == .file || member.kind == .folder else {
            throw TraceArchiveError(
                .unsafeMember,
                member: path.text,
                at: member.offset,
                "expected a plain file: found \(member.kind.rawValue)"
            )
        }
        // "./" itself.
        guard let last = components.last else { return }
        switch form {
        case .rr2:
            guard components.count == 1, member.kind == .file else {
                throw unsafe("an rr2 archive has neither folders nor files in them")
            }
            part = Self.rr2Parts[last]
        case .rr:
            guard member.kind == .file else { return }
            for (suffix, found) in [("-rr-snp", MemberPart.snapshot), ("-rr-nondet.log", .log)]
            where last.hasSuffix(suffix) {
                part = found
                recording = (components.dropLast() + [String(last.dropLast(suffix.count))]).joined(
                    separator: "/"
                )
            }
        case .rrarchive:
            guard components.count <= 2, components.count == 2 || member.kind == .folder else {
                throw unsafe("the members of this form are files in one folder")
            }
            recording = components[0]
            guard components.count == 2, member.kind == .file else { return }
            part = Self.rrarchiveParts[last]
        case .files:
            return
        }
    }

    /// Source: the names at the top of PANDA's `panda/src/rr/panda_rr2.c`.
    static let rr2Parts: [String: MemberPart] = [
        "RRv2": .mark, "capture.cmd": .command, "snapshot": .snapshot, "metadata.json": .metadata,
        "nondetlog": .log, "sha1": .hashes,
    ]

    /// `rr-nodet.log` is what `rrtool.py` writes.
    static let rrarchiveParts: [String: MemberPart] = [
        "PANDArr": .mark, "rr-snp": .snapshot, "rr-nondet.log": .log, "rr-nodet.log": .log,
        "metadata.json": .metadata,
    ]
}

/// A member's name that leads nowhere but down, in printable characters.
struct SafePath {
    /// The name for messages.
    let text: String
    /// Its parts, those that say "here" left out.
    let components: [String]

    init(of member: TarMember) throws(TraceArchiveError) {
        guard let name = member.name else {
            throw TraceArchiveError(.unsafeName, at: member.offset, "a member's name is missing or no UTF-8")
        }
        let text = String(Console.printable(name).prefix(200))
        self.text = text
        let parts = name.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map(
            String.init
        )
        func unsafe(_ message: String) -> TraceArchiveError {
            TraceArchiveError(.unsafeName, member: text, at: member.offset, message)
        }
        guard name == Console.printable(name) else { throw unsafe("the name has control characters") }
        guard !name.isEmpty else { throw unsafe("the name is empty") }
        guard !(parts[0].isEmpty) else { throw unsafe("the name is absolute") }
        guard !parts.contains("..") else { throw unsafe("the name leads upwards") }
        guard name.utf8.count <= 4096, parts.allSatisfy({ $0.utf8.count <= 255 }) else {
            throw unsafe("the name is too long")
        }
        components = parts.filter { !$0.isEmpty && $0 != "." }
    }
}
