/// An extended attribute (xattr(7)).
struct ExtAttribute: Hashable {
    /// The namespace's number: 1 is `user`, 6 is `security`, 7 is `system`.
    let namespace: UInt8
    let name: [UInt8]
    let value: [UInt8]

    /// What of a file's contents the inode's 60 bytes do not hold.
    var isInlineData: Bool { namespace == 7 && name == Array("data".utf8) }
}

extension ExtFileSystem {
    /// The extended attributes of a file, but for its contents, in no particular order.
    func attributes(of inode: ExtInode) throws(DiskFormatError) -> Set<ExtAttribute> {
        var all = try inodeAttributes(of: inode)
        if inode.attributeBlock != 0 {
            let record = try block(inode.attributeBlock)
            guard record.word(0) == 0xea02_0000 else {
                throw DiskFormatError(
                    .invalidAttributes,
                    at: record.place,
                    "expected ea020000, the signature of extended attributes"
                )
            }
            all += try Self.attributes(record, entries: 32, values: 0)
        }
        return Set(all.filter { !$0.isInlineData })
    }

    /// Those in the inode itself, behind its fields.
    func inodeAttributes(of inode: ExtInode) throws(DiskFormatError) -> [ExtAttribute] {
        let start = 128 + inode.extraBytes
        guard inode.record.count >= start + 4, inode.extraBytes >= 4 else { return [] }
        let area = Record(
            inode.record.slice(start..<inode.record.count),
            at: inode.record.place + UInt64(start)
        )
        guard area.word(0) == 0xea02_0000 else { return [] }
        return try Self.attributes(area, entries: 4, values: 4)
    }

    private static func attributes(
        _ area: Record,
        entries start: Int,
        values base: Int
    ) throws(DiskFormatError) -> [ExtAttribute] {
        var found: [ExtAttribute] = []
        var place = start
        while place + 4 <= area.count, area.word(place) != 0 {
            guard place + 16 <= area.count, place + 16 + Int(area.byte(place)) <= area.count else {
                throw DiskFormatError(
                    .invalidAttributes,
                    at: area.place + UInt64(place),
                    "expected an extended attribute within \(area.count) bytes"
                )
            }
            let length = Int(area.byte(place))
            let size = UInt64(area.word(place + 8))
            let from = base + Int(area.half(place + 2))
            let isElsewhere = area.word(place + 4) != 0
            // A value in an inode of its own stands for itself by its number and size.
            let range: Range<Int>
            if isElsewhere {
                range = place + 4..<place + 12
            } else {
                guard size <= UInt64(area.count), from <= area.count - Int(size) else {
                    throw DiskFormatError(
                        .invalidAttributes,
                        at: area.place + UInt64(place),
                        "expected a value within \(area.count) bytes: found \(size) bytes from byte \(from)"
                    )
                }
                range = from..<from + Int(size)
            }
            found.append(
                ExtAttribute(
                    namespace: area.byte(place + 1),
                    name: area.slice(place + 16..<place + 16 + length),
                    value: area.slice(range)
                )
            )
            place += 16 + (length + 3) / 4 * 4
        }
        return found
    }
}
