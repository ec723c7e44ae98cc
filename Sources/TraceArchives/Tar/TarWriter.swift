import CArchive
import Glibc
import HostSupport

/// Writes a POSIX (pax) tar with libarchive, as PANDA does; nothing in it tells who wrote it, where or when.
final class TarWriter {
    /// `AE_IFREG`, which is a macro that Swift does not see.
    private static let regularFile: UInt32 = 0o100000

    private let output: any ByteConsumer
    private let archive: OpaquePointer
    private var failure: (any Error)?

    init(_ output: any ByteConsumer) throws {
        self.output = output
        archive = archive_write_new()
        archive_write_set_format_pax(archive)
        let code = archive_write_open(
            archive,
            Unmanaged.passUnretained(self).toOpaque(),
            nil,
            { _, writer, bytes, count in
                guard let writer, let bytes else { return -1 }
                let target = Unmanaged<TarWriter>.fromOpaque(writer).takeUnretainedValue()
                return target.take(UnsafeRawBufferPointer(start: bytes, count: count))
            },
            nil
        )
        guard code == ARCHIVE_OK else { throw error() }
    }

    deinit {
        // What is still in it must not be written when the writing was given up.
        archive_write_fail(archive)
        archive_write_free(archive)
    }

    /// Begins a regular file of `size` bytes, which are to follow.
    func begin(_ name: String, size: UInt64) throws {
        guard let entry = archive_entry_new() else { throw error() }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, name)
        archive_entry_set_filetype(entry, Self.regularFile)
        archive_entry_set_perm(entry, 0o644)
        archive_entry_set_size(entry, Int64(size))
        archive_entry_set_mtime(entry, 0, 0)
        archive_entry_set_uid(entry, 0)
        archive_entry_set_gid(entry, 0)
        guard archive_write_header(archive, entry) == ARCHIVE_OK, failure == nil else { throw error() }
    }

    /// Writes a part of the file that was begun.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = archive_write_data(archive, rest.baseAddress, rest.count)
            guard count > 0, failure == nil else { throw error() }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Writes a small file whole.
    func add(_ name: String, _ text: String) throws {
        try begin(name, size: UInt64(text.utf8.count))
        try Array(text.utf8).withUnsafeBytes { try write($0) }
    }

    /// Ends the tar and all that it is wrapped in.
    func finish() throws {
        guard archive_write_close(archive) == ARCHIVE_OK, failure == nil else { throw error() }
        try output.finish()
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        do {
            try output.write(bytes)
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }

    private func error() -> any Error {
        if let failure { return failure }
        let text = archive_error_string(archive).map { String(cString: $0) } ?? "no reason given"
        return Failure(.internal, "libarchive cannot write a tar: \(text)")
    }
}
