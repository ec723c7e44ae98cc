import Traces

/// Finds a page of a snapshot by its contents: by sixteen words of it, so that most of a page is never looked at.
struct PageSearch {
    private struct Entry {
        var hash: UInt64 = 0
        // 0 where there is none: a snapshot begins with its head.
        var offset = 0
    }

    // An address in a table that is half full is found within a few steps, but for pages that are all the same.
    private static let probes = 8

    private var table: [Entry]
    private let mask: Int

    init(_ snapshot: SnapshotPages, _ bytes: UnsafeRawBufferPointer) {
        var size = 1 << 10
        while size < snapshot.pages.count * 2 { size *= 2 }
        table = [Entry](repeating: Entry(), count: size)
        mask = size - 1
        for page in snapshot.pages where !page.isFilled {
            let hash = Self.sample(bytes, page.offset)
            for step in 0...Self.probes {
                let place = (Int(truncatingIfNeeded: hash) &+ step) & mask
                if table[place].offset != 0 { continue }
                table[place] = Entry(hash: hash, offset: page.offset)
                break
            }
        }
    }

    /// Where a page stands that has the same words; it may differ in the others.
    func find(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int? {
        let hash = Self.sample(bytes, offset)
        for step in 0...Self.probes {
            let entry = table[(Int(truncatingIfNeeded: hash) &+ step) & mask]
            if entry.offset == 0 { return nil }
            if entry.hash == hash { return entry.offset }
        }
        return nil
    }

    /// A hash of one word of each 256 bytes, at places that differ, since what lies at round addresses is often alike.
    static func sample(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        var hash: UInt64 = 0
        for part in 0..<SnapshotPages.pageBytes / 256 {
            let place = offset + part * 256 + (part * 40 & 0xf8)
            hash =
                (hash ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* 0x9e37_79b9_7f4a_7c15
            hash ^= hash >> 29
        }
        return hash
    }
}
