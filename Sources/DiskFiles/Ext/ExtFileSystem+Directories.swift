/// A name in a directory.
public struct ExtDirectoryEntry: Sendable, Hashable {
    /// The name: any bytes but `/` and zero.
    public let name: [UInt8]
    /// The number of the inode that it names.
    public let inode: UInt32
}

extension ExtFileSystem {
    /// The names in a directory, without `.` and `..`, as they lie on the disk.
    ///
    /// Directories with an index are read as those without: the index hides in entries that are not used.
    ///
    /// - Parameter inode: The directory.
    /// - Returns: The entries.
    /// - Throws: ``DiskFormatError`` where it is damaged.
    public func entries(of inode: ExtInode) throws(DiskFormatError) -> [ExtDirectoryEntry] {
        guard inode.kind == .directory else {
            throw DiskFormatError(
                .invalidDirectory,
                at: inode.offset,
                "expected a directory: found \(inode.kind.rawValue)"
            )
        }
        guard inode.byteCount <= Limit.directory else {
            throw DiskFormatError(
                .tooMuch,
                at: inode.offset + 4,
                "expected a directory of up to \(Limit.directory) bytes: found \(inode.byteCount)"
            )
        }
        var found: [ExtDirectoryEntry] = []
        if inode.has(ExtInode.Flag.inline) {
            // The first four bytes are the directory above.
            let map = inode.map
            try addEntries(Record(map.slice(4..<60), at: map.place + 4), to: &found)
            for part in try inodeAttributes(of: inode) where part.isInlineData {
                try addEntries(Record(part.value, at: inode.offset), to: &found)
            }
            return found
        }
        let unit = superblock.blockBytes
        for run in try runs(of: inode) where !run.isUnwritten {
            var done: UInt64 = 0
            while done < run.byteCount, run.offset + done < inode.byteCount {
                try addEntries(try block((run.place + done) / unit), to: &found)
                done += unit
            }
        }
        return found
    }

    private func addEntries(_ area: Record, to found: inout [ExtDirectoryEntry]) throws(DiskFormatError) {
        var place = 0
        while place < area.count {
            func damaged(_ text: String) -> DiskFormatError {
                DiskFormatError(.invalidDirectory, at: area.place + UInt64(place), text)
            }
            let left = area.count - place
            guard left >= 8 else { throw damaged("expected an entry of 8 bytes or more: \(left) are left") }
            let number = area.word(place)
            let length = entryLength(area.half(place + 4))
            guard length >= 8, length % 4 == 0, length <= left else {
                throw damaged("expected an entry of up to \(left) bytes: found \(length)")
            }
            let nameLength = Int(area.byte(place + 6))
            if number != 0 {
                guard nameLength >= 1, nameLength <= length - 8 else {
                    throw damaged("expected a name of 1 to \(length - 8) bytes: found \(nameLength)")
                }
                let name = area.slice(place + 8..<place + 8 + nameLength)
                guard !name.contains(0), !name.contains(UInt8(ascii: "/")) else {
                    throw damaged("expected a name without '/' and zero bytes")
                }
                if name != [0x2e], name != [0x2e, 0x2e] {
                    found.append(ExtDirectoryEntry(name: name, inode: number))
                    guard found.count <= Limit.files else {
                        throw damaged("expected up to \(Limit.files) names")
                    }
                }
            }
            place += length
        }
    }

    /// With blocks of 64 KiB the length of an entry takes one bit more than there are.
    private func entryLength(_ stored: UInt16) -> Int {
        guard superblock.blockBytes == 65536 else { return Int(stored) }
        return stored == 65535 || stored == 0 ? 65536 : Int(stored & 65532) | Int(stored & 3) << 16
    }
}
