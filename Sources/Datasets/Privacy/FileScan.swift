import Foundation
import Glibc
import HostSupport

/// Looks for patterns in the bytes of one file, a part at a time.
struct FileScan {
    /// What the findings of one subject are gathered by.
    private struct Group: Hashable {
        let kind: FindingKind
        let subject: String
    }

    /// How much is read at once: what stays in the processor's caches.
    private static let partBytes = 1 << 20
    /// What is kept of the part before: the words around a find.
    private static let marginBefore = 64
    /// What must be there behind a find to tell what it is: a key file.
    private static let marginBehind = KeyMaterial.longest

    let file: ScannedFile
    let patterns: [SecretPattern]
    let search: PatternSearch
    /// The fingerprints of this machine's keys and its user's.
    let ownKeys: [String: String]
    private(set) var findings: [PrivacyFinding] = []
    private var places: [Group: Int] = [:]

    init(_ file: ScannedFile, patterns: [SecretPattern], search: PatternSearch, ownKeys: [String: String]) {
        self.file = file
        self.patterns = patterns
        self.search = search
        self.ownKeys = ownKeys
    }

    /// Reads a file to its end.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - place: What its offsets count from.
    ///   - progress: Is told how many bytes were read.
    /// - Returns: How many bytes it has.
    /// - Throws: ``HostSupport/Failure`` where it cannot be read; `CancellationError`.
    mutating func read(
        _ path: HostPath,
        place: PrivacyFinding.Place = .file,
        progress: (Int) -> Void
    ) throws -> UInt64 {
        let handle = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard handle >= 0 else { throw Failure(.inputOutput, "cannot read \(path): \(systemMessage(errno))") }
        defer { close(handle) }
        let capacity = Self.marginBefore + Self.marginBehind + Self.partBytes
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        defer { buffer.deallocate() }
        guard let base = buffer.baseAddress else { throw Failure(.internal, "there is no memory") }
        // Bytes [0, held) are there; finds that begin before `done` were told with the part before.
        var (held, done) = (0, 0)
        var offset: UInt64 = 0
        while true {
            try Task.checkCancellation()
            let count = Glibc.read(handle, base + held, capacity - held)
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(.inputOutput, "cannot read \(path): \(systemMessage(errno))")
            }
            held += count
            let isEnd = count == 0
            if !isEnd, held < capacity { continue }
            let limit = isEnd ? held : held - Self.marginBehind
            examine(
                UnsafeRawBufferPointer(start: base, count: held),
                from: done,
                to: limit,
                at: offset,
                place
            )
            progress(limit - done)
            if isEnd { return offset + UInt64(held) }
            let kept = min(limit, Self.marginBefore)
            memmove(base, base + limit - kept, held - limit + kept)
            offset += UInt64(limit - kept)
            held = held - limit + kept
            done = kept
        }
    }

    /// Looks at bytes that are all there.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - start: Where what is told begins at the earliest.
    ///   - end: Where it begins no more.
    ///   - offset: The place of the first byte.
    ///   - place: What the offset counts from.
    mutating func examine(
        _ bytes: UnsafeRawBufferPointer,
        from start: Int,
        to end: Int,
        at offset: UInt64,
        _ place: PrivacyFinding.Place
    ) {
        var found: [(pattern: Int, place: Int)] = []
        search.search(bytes) { pattern, place in
            if (start..<end).contains(place) { found.append((pattern, place)) }
        }
        for find in found.sorted(by: { $0.place < $1.place }) {
            let pattern = patterns[find.pattern]
            guard pattern.isWhole(in: bytes, at: find.place),
                let (kind, subject) = meaning(of: pattern, in: bytes, at: find.place)
            else { continue }
            add(kind, subject, at: offset + UInt64(find.place), place) {
                Self.excerpt(of: bytes, at: find.place, pattern)
            }
        }
    }

    /// What a find is; nothing where it only looks like something.
    private func meaning(
        of pattern: SecretPattern,
        in bytes: UnsafeRawBufferPointer,
        at place: Int
    ) -> (FindingKind, String)? {
        let key: KeyMaterial?
        switch pattern.form {
        case .plain, .wide: return (pattern.kind, pattern.subject)
        case .binary: return Self.isAddress(bytes, place) ? (pattern.kind, pattern.subject) : nil
        case .keyFile:
            let rest = bytes[min(place + pattern.bytes.count, bytes.count)...].prefix(2 * KeyMaterial.longest)
            let isWide = pattern.bytes[1] == 0
            guard Self.isBeginning(bytes, place, isWide: isWide) else { return nil }
            key =
                isWide
                ? KeyMaterial(keyFile: rest.enumerated().lazy.filter { $0.offset % 2 == 0 }.map(\.element))
                : KeyMaterial(keyFile: rest)
        case .openSSHKey: key = KeyMaterial(openSSH: Array(bytes[place...].prefix(KeyMaterial.longest)))
        case .dropbearKey: key = KeyMaterial(dropbear: Array(bytes[place...].prefix(96)))
        }
        guard let key else { return nil }
        if let own = ownKeys[key.fingerprint] { return (.operatorKey, "\(key.fingerprint) (\(own))") }
        let subject = key.fingerprint
        if let publisher = key.publisher { return (.publishedKey, "\(subject) (\(publisher))") }
        guard let comment = key.comment else { return (pattern.kind, subject) }
        // What PANDAcap calls the keys that it makes: those of the client, a bundle's, and the guest's server's.
        if comment == "pandacap" || comment.wholeMatch(of: /[0-9]{8}T[0-9]{6}Z-[A-Za-z0-9._-]+/) != nil {
            return (.runKey, subject)
        }
        return (file.role.isGuests && comment == "root@localhost" ? .guestKey : pattern.kind, subject)
    }

    /// Whether four bytes of a packet stand where an address does, and not where numbers of a connection happen to be
    /// the same: in a header of IPv4 (RFC 791), of ARP (RFC 826), or in an answer of DNS (RFC 1035).
    private static func isAddress(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        func byte(_ back: Int) -> UInt8? { place >= back ? bytes[place - back] : nil }
        func word(_ back: Int) -> UInt16? {
            byte(back).flatMap { high in byte(back - 1).map { UInt16(high) << 8 | UInt16($0) } }
        }
        let isIPv4 = [12, 16].contains { byte($0).map { $0 >> 4 == 4 && (5...6).contains($0 & 15) } == true }
        return isIPv4 || [16, 26].contains { word($0) == 0x0806 } || word(2) == 4
    }

    /// Whether the line with the words `PRIVATE KEY-----` begins a key, and does not end one.
    private static func isBeginning(_ bytes: UnsafeRawBufferPointer, _ place: Int, isWide: Bool) -> Bool {
        let unit = isWide ? 2 : 1
        let before = stride(from: max(place % unit, place - 24 * unit), to: place, by: unit).map { bytes[$0] }
        return String(decoding: before, as: UTF8.self).contains("-----BEGIN ")
    }

    mutating func add(
        _ kind: FindingKind,
        _ subject: String,
        at offset: UInt64,
        _ place: PrivacyFinding.Place,
        excerpt: () -> String
    ) {
        let group = Group(kind: kind, subject: subject + "\0\(place)")
        if let known = places[group] {
            findings[known].count += 1
            if findings[known].offsets.count < PrivacyFinding.mostOffsets {
                findings[known].offsets.append(offset)
            }
            return
        }
        places[group] = findings.count
        findings.append(
            PrivacyFinding(
                file: file.name,
                role: file.role,
                kind: kind,
                subject: subject,
                level: kind.level(in: file.role),
                place: place,
                count: 1,
                offsets: [offset],
                excerpt: excerpt()
            )
        )
    }

    /// Whether a place was told of a pattern.
    func isKnown(_ pattern: SecretPattern, at offset: UInt64, _ place: PrivacyFinding.Place) -> Bool {
        findings.contains {
            $0.kind == pattern.kind && $0.subject == pattern.subject && $0.place == place
                && $0.offsets.contains(offset)
        }
    }

    /// What stands around a find, and of itself the first two characters only; of keys nothing.
    private static func excerpt(of bytes: UnsafeRawBufferPointer, at place: Int, _ pattern: SecretPattern)
        -> String
    {
        guard [.plain, .wide].contains(pattern.form), pattern.kind != .operatorKey else { return "" }
        let unit = pattern.form == .wide ? 2 : 1
        func text(_ range: Range<Int>) -> String {
            let clamped = range.clamped(to: 0..<bytes.count)
            let letters = stride(from: clamped.lowerBound, to: clamped.upperBound, by: unit).map { place in
                (0x20..<0x7F).contains(bytes[place]) ? bytes[place] : UInt8(ascii: ".")
            }
            return String(decoding: letters, as: UTF8.self)
        }
        let end = place + pattern.bytes.count
        return text(place - 12 * unit..<place) + text(place..<place + 2 * unit) + "***"
            + text(end..<end + 12 * unit)
    }
}
