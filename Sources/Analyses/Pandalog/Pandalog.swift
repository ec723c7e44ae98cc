import Foundation
public import HostSupport

/// A log that PANDA's plugins wrote: `-pandalog FILE`.
///
/// Sources: panda/src/plog-cc.cpp and panda/include/panda/plog-cc.hpp. All numbers are little-endian:
///
///     0x00  u32  version, 2                      0x08  u64  where the directory begins
///     0x10  u32  size of a chunk, about          0x80  the first chunk
///     chunk      a zlib stream of: u32 length, a message LogEntry of that length
///     directory  u32 count, then for each chunk: u64 first instruction, u64 where it begins, u64 entries
///
/// Header and directory are written when the log is closed; one of an engine that was stopped has neither. The first entry
/// tells nothing: its numbers are all 2^64-1. What a log holds is a guest's: nothing in it is believed before it is
/// compared with the file.
public struct Pandalog: Sendable {
    /// A chunk.
    public struct Chunk: Sendable, Hashable {
        /// The instruction of its first entry.
        public let instruction: UInt64
        /// Where it lies in the file.
        public let range: Range<UInt64>
        /// How many entries it has, as the directory says; the one that tells nothing is among them.
        public let entries: UInt64
    }

    /// The file.
    public let path: HostPath
    /// How large the file is.
    public let byteCount: UInt64
    /// The chunks.
    public let chunks: [Chunk]

    static let headerBytes: UInt64 = 0x80
    private static let recordBytes: UInt64 = 24
    private static let mostChunks: UInt64 = 1 << 20

    /// Reads the header and the directory.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``PandalogError``.
    public init(_ path: HostPath) throws(PandalogError) {
        self.path = path
        let file = try PandalogFile(path)
        byteCount = file.byteCount
        let header = try file.read(0, 20)
        let version = header.number(0, 4)
        guard version != 0 else {
            throw PandalogError(
                .notClosed,
                at: 0,
                "the log has no header: the engine did not come to close it"
            )
        }
        guard version == 2 else {
            throw PandalogError(
                .unknownVersion,
                at: 0,
                "version \(version) is not 2: this is no log of PANDA's"
            )
        }
        let directory = header.number(8, 8)
        guard directory >= Self.headerBytes, directory <= byteCount, byteCount - directory >= 4 else {
            throw PandalogError(
                .badDirectory,
                at: 8,
                "the directory is said to begin at byte \(directory) of \(byteCount)"
            )
        }
        let count = try file.read(directory, 4).number(0, 4)
        let room = (byteCount - directory - 4) / Self.recordBytes
        guard count <= room, count <= Self.mostChunks else {
            throw PandalogError(.badDirectory, at: directory, "\(count) chunks where \(room) have room")
        }
        let end = directory + 4 + count * Self.recordBytes
        guard end == byteCount else {
            throw PandalogError(
                .badDirectory,
                at: directory,
                "a directory of \(count) chunks ends at byte \(end) of \(byteCount)"
            )
        }
        let table = try file.read(directory + 4, count * Self.recordBytes)
        let starts = (0..<Int(count)).map { table.number($0 * 24 + 8, 8) }
        guard starts.first ?? directory == Self.headerBytes else {
            throw PandalogError(
                .badDirectory,
                at: directory + 4,
                "the first chunk is said to begin at byte \(starts.first ?? directory), not \(Self.headerBytes)"
            )
        }
        var chunks: [Chunk] = []
        for index in 0..<Int(count) {
            let end = index + 1 < starts.count ? starts[index + 1] : directory
            guard starts[index] >= Self.headerBytes, starts[index] <= end, end <= directory else {
                throw PandalogError(
                    .badDirectory,
                    at: directory + 4 + UInt64(index) * Self.recordBytes,
                    "chunk \(index) is said to lie from byte \(starts[index]) to \(end)"
                )
            }
            chunks.append(
                Chunk(
                    instruction: table.number(index * 24, 8),
                    range: starts[index]..<end,
                    entries: table.number(index * 24 + 16, 8)
                )
            )
        }
        self.chunks = chunks
    }

    /// Starts reading the entries at the first that tells something.
    ///
    /// - Throws: ``PandalogError`` where the file cannot be opened.
    public func makeReader() throws(PandalogError) -> PandalogReader { try PandalogReader(of: self) }
}

/// A file, and the size that it had when it was opened.
struct PandalogFile {
    let byteCount: UInt64
    private let handle: FileHandle

    init(_ path: HostPath) throws(PandalogError) {
        guard FileSystem.isRegularFile(path), let handle = FileHandle(forReadingAtPath: path.string),
            let size = try? handle.seekToEnd()
        else { throw PandalogError(.cannotRead, "\(path) is no file that can be read") }
        self.handle = handle
        byteCount = size
    }

    /// Reads so many bytes.
    func read(_ offset: UInt64, _ count: UInt64) throws(PandalogError) -> [UInt8] {
        guard offset <= byteCount, count <= byteCount - offset else {
            throw PandalogError(.notClosed, at: byteCount, "the log has \(byteCount) bytes and is cut")
        }
        do {
            try handle.seek(toOffset: offset)
            let data = try handle.read(upToCount: Int(count)) ?? Data()
            if data.count == Int(count) { return Array(data) }
        } catch {}
        throw PandalogError(.cannotRead, at: offset, "\(count) bytes cannot be read")
    }
}

extension [UInt8] {
    fileprivate func number(_ offset: Int, _ count: Int) -> UInt64 {
        self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
