import Glibc
import Traces

/// What a snapshot has in common with another one of the same machine, found by where its pages lie.
///
/// Most pages equal the reference's page at the same address; others equal one at another address, as a file does that
/// was read into other frames. Both are found without a search in the stream.
struct SnapshotMatches {
    /// Matches in the order of the file, which do not overlap.
    private(set) var matches: [KnownMatch] = []
    /// Pieces of the reference that what is left probably resembles.
    private(set) var likely: [Range<Int>] = []

    /// The bytes between the matches, in the order of the file.
    var gaps: [Range<Int>] {
        var gaps: [Range<Int>] = []
        var end = 0
        for match in matches {
            if match.offset > end { gaps.append(end..<match.offset) }
            end = match.end
        }
        if end < byteCount { gaps.append(end..<byteCount) }
        return gaps
    }

    private let byteCount: Int

    /// Compares two snapshots.
    ///
    /// - Throws: ``Traces/TraceFormatError`` where one of them is no whole snapshot.
    init(_ file: UnsafeRawBufferPointer, in reference: UnsafeRawBufferPointer) throws(TraceFormatError) {
        let pages = try SnapshotPages(of: file)
        let others = try SnapshotPages(of: reference)
        let places = PagePlaces(others)
        let translation = pages.head.ramBlocks.map { block in
            others.head.ramBlocks.firstIndex { $0.name == block.name && $0.bytes == block.bytes }
        }
        byteCount = file.count
        let size = SnapshotPages.pageBytes
        func isEqual(_ page: SnapshotPages.Page, _ offset: Int) -> Bool {
            guard let one = file.baseAddress, let two = reference.baseAddress else { return false }
            return memcmp(one + page.offset, two + offset, size) == 0
        }

        // A header of a page has 8 bytes, which are the same where the pages are.
        likely.append(0..<min(others.head.headBytes + size, reference.count))
        var search: PageSearch?
        for page in pages.pages where !page.isFilled {
            let block = translation[Int(page.block)]
            let sameAddress = block.flatMap { places[$0, page.number] }
            if let sameAddress, isEqual(page, sameAddress) {
                add(page.offset, sameAddress, size, file, reference)
                continue
            }
            if search == nil { search = PageSearch(others, reference) }
            if let other = search?.find(file, page.offset), isEqual(page, other) {
                add(page.offset, other, size, file, reference)
            } else if let sameAddress {
                likely.append(sameAddress - 8..<sameAddress + size)
            }
        }
        likely.append(others.memoryEnd..<reference.count)
    }

    /// Takes note of a match, and of all that it can be extended by.
    private mutating func add(
        _ offset: Int,
        _ source: Int,
        _ count: Int,
        _ file: UnsafeRawBufferPointer,
        _ reference: UnsafeRawBufferPointer
    ) {
        var match = KnownMatch(offset: offset, source: source, count: count)
        let covered = matches.last?.end ?? 0
        guard match.end > covered else { return }
        if match.offset < covered {
            let cut = covered - match.offset
            match = KnownMatch(offset: covered, source: source + cut, count: count - cut)
        }
        while match.offset > covered, match.source > 0, file[match.offset - 1] == reference[match.source - 1]
        {
            match = KnownMatch(offset: match.offset - 1, source: match.source - 1, count: match.count + 1)
        }
        match.count += file.commonCount(from: match.end, with: reference, from: match.source + match.count)
        if let last = matches.last, last.end == match.offset, last.source + last.count == match.source {
            matches[matches.count - 1].count += match.count
        } else {
            matches.append(match)
        }
    }
}

/// Where a snapshot has the stored page of an address; of one that comes again, the last.
private struct PagePlaces {
    private var offsets: [[Int]]

    init(_ snapshot: SnapshotPages) {
        offsets = snapshot.head.ramBlocks.map { _ in [] }
        for page in snapshot.pages {
            let block = Int(page.block)
            while offsets[block].count <= page.number { offsets[block].append(-1) }
            offsets[block][page.number] = page.isFilled ? -1 : page.offset
        }
    }

    subscript(block: Int, number: Int) -> Int? {
        guard number < offsets[block].count, offsets[block][number] >= 0 else { return nil }
        return offsets[block][number]
    }
}
