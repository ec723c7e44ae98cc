import CArchive
import Glibc
import HostSupport

/// Reads a tar file from its first byte to its last with libarchive, which is told to take nothing for a tar but a tar.
///
/// Stricter than libarchive in what it lets pass: the two empty blocks at the end must be there, nothing but zeros may
/// follow them, and a member has just as many bytes as its header says.
final class TarReader {
    private let input: any ByteProducer
    private let archive: OpaquePointer
    private var failure: (any Error)?
    /// Whether the contents of the last member lie ahead.
    private var isUnread = false
    /// How much libarchive has been given.
    private var fed: UInt64 = 0
    /// Where the zeros begin that end what libarchive has been given.
    private var zeros: UInt64 = 0
    /// What libarchive has found wrong and could live with.
    private(set) var remarks: [String] = []

    init(_ input: any ByteProducer) throws {
        self.input = input
        archive = archive_read_new()
        archive_read_support_format_tar(archive)
        archive_read_support_filter_none(archive)
        let code = archive_read_open(
            archive,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, reader, bytes in
                guard let reader, let bytes else { return -1 }
                return Unmanaged<TarReader>.fromOpaque(reader).takeUnretainedValue().feed(bytes)
            },
            nil
        )
        guard code == ARCHIVE_OK else { throw error() }
    }

    deinit {
        archive_read_free(archive)
    }

    /// The next member's header; nothing at the end, when it has been checked.
    func next() throws -> TarMember? {
        if isUnread {
            guard archive_read_data_skip(archive) == ARCHIVE_OK, failure == nil else { throw error() }
        }
        let position = UInt64(max(0, archive_filter_bytes(archive, 0)))
        var entry: OpaquePointer?
        let code = archive_read_next_header(archive, &entry)
        if code == ARCHIVE_EOF, failure == nil {
            try checkEnd(after: position)
            return nil
        }
        guard code == ARCHIVE_OK || code == ARCHIVE_WARN, failure == nil, let entry else { throw error() }
        if code == ARCHIVE_WARN, let text = archive_error_string(archive) {
            remarks.append(Console.printable(String(cString: text)))
        }
        isUnread = true
        let size = archive_entry_size(entry)
        let offset = UInt64(max(0, archive_read_header_position(archive)))
        guard size >= 0 else {
            throw TraceArchiveError(.damaged, at: offset, "a member's size is negative")
        }
        // libarchive has none of the first kind where it could not convert the name to the locale's characters.
        let name = archive_entry_pathname(entry) ?? archive_entry_pathname_utf8(entry)
        return TarMember(
            name: name.flatMap { String(validatingCString: $0) },
            kind: kind(of: entry),
            size: UInt64(size),
            offset: offset
        )
    }

    private func kind(of entry: OpaquePointer) -> TarMember.Kind {
        if archive_entry_hardlink(entry) != nil { return .hardLink }
        if archive_entry_sparse_count(entry) > 0 { return .sparse }
        return switch mode_t(archive_entry_filetype(entry)) {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .symbolicLink
        default: .special
        }
    }

    /// Reads the contents of the member that ``next()`` has just given.
    func read(_ member: TarMember, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        isUnread = false
        var total: UInt64 = 0
        while true {
            var start: UnsafeRawPointer?
            var count = 0
            var offset: la_int64_t = 0
            let code = archive_read_data_block(archive, &start, &count, &offset)
            if code == ARCHIVE_EOF, failure == nil { break }
            guard code == ARCHIVE_OK || code == ARCHIVE_WARN, failure == nil else { throw error() }
            guard offset == la_int64_t(total), count >= 0, UInt64(count) <= member.size - total else {
                throw TraceArchiveError(
                    .damaged,
                    at: member.offset,
                    "a member is not as long as its header says"
                )
            }
            total += UInt64(count)
            try body(UnsafeRawBufferPointer(start: start, count: count))
        }
        guard total == member.size else {
            throw TraceArchiveError(
                .truncated,
                at: member.offset,
                "expected \(member.size) bytes of a member: found \(total)"
            )
        }
    }

    private func feed(_ bytes: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do {
            guard let block = try input.next() else { return 0 }
            note(block)
            bytes.pointee = block.baseAddress
            return block.count
        } catch {
            failure = error
            return -1
        }
    }

    private func note(_ block: UnsafeRawBufferPointer) {
        if let last = block.lastIndex(where: { $0 != 0 }) { zeros = fed + UInt64(last) + 1 }
        fed += UInt64(block.count)
    }

    private func checkEnd(after position: UInt64) throws {
        while let block = try input.next() { note(block) }
        let end = (position + 511) / 512 * 512
        guard fed >= end + 1024 else {
            throw TraceArchiveError(.truncated, at: fed, "the tar stops before its end")
        }
        guard zeros <= end else {
            throw TraceArchiveError(.trailingBytes, at: zeros - 1, "something follows the end of the tar")
        }
    }

    private func error() -> any Error {
        if let failure { return failure }
        let text =
            archive_error_string(archive).map { Console.printable(String(cString: $0)) } ?? "no reason given"
        let position = UInt64(max(0, archive_filter_bytes(archive, 0)))
        return TraceArchiveError(
            text.hasPrefix("Truncated") ? .truncated : .damaged,
            at: position,
            "the tar cannot be read: \(text)"
        )
    }
}
