/// Lets matches begin at one of the last three distances where they can.
///
/// Such a distance takes a few bits, any other up to four bytes (RFC 8878, 3.1.1.5). The search in the residue cannot
/// know them: pieces that follow each other there have other distances in the file.
struct RecentDistances {
    // As many bytes shorter may a match be: its literals take less than another distance.
    private static let slack = 1
    private static let leastMatch = 3

    private let file: UnsafeRawBufferPointer
    private let reference: UnsafeRawBufferPointer
    private var recent = [1, 4, 8]

    init(_ file: UnsafeRawBufferPointer, in reference: UnsafeRawBufferPointer) {
        self.file = file
        self.reference = reference
    }

    /// Takes another source for matches that have one nearby, and draws all as long as they go.
    ///
    /// - Parameter matches: Matches in the order of the file, which do not overlap.
    /// - Returns: Matches in the order of the file, which do not overlap.
    mutating func preferred(to matches: [KnownMatch]) -> [KnownMatch] {
        var rewritten: [KnownMatch] = []
        rewritten.reserveCapacity(matches.count)
        var covered = 0
        for var match in matches {
            let cut = max(0, covered - match.offset)
            guard match.count - cut >= Self.leastMatch else { continue }
            match.offset += cut
            match.source += cut
            match.count -= cut
            if let other = recentMatch(at: match.offset, atLeast: match.count - Self.slack) { match = other }
            while match.offset > covered, match.source > 0,
                file[match.offset - 1] == byte(match.source - 1)
            {
                match.offset -= 1
                match.source -= 1
                match.count += 1
            }
            match.count += commonCount(match.end, match.source + match.count)
            covered = match.end
            use(reference.count + match.offset - match.source)
            rewritten.append(match)
        }
        return rewritten
    }

    private func recentMatch(at offset: Int, atLeast count: Int) -> KnownMatch? {
        var best: KnownMatch?
        for distance in recent where distance <= reference.count + offset {
            let source = reference.count + offset - distance
            let common = commonCount(offset, source)
            if common >= max(count, Self.leastMatch, (best?.count ?? 0) + 1) {
                best = KnownMatch(offset: offset, source: source, count: common)
            }
        }
        return best
    }

    private mutating func use(_ distance: Int) {
        let place = recent.firstIndex(of: distance) ?? recent.count - 1
        recent.remove(at: place)
        recent.insert(distance, at: 0)
    }

    private func byte(_ source: Int) -> UInt8 {
        source < reference.count ? reference[source] : file[source - reference.count]
    }

    private func commonCount(_ offset: Int, _ source: Int) -> Int {
        source < reference.count
            ? file.commonCount(from: offset, with: reference, from: source)
            : file.commonCount(from: offset, with: file, from: source - reference.count)
    }
}
