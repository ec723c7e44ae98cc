import Glibc

extension Salvage {
    /// How much is copied between two reports of progress, in bytes.
    private static let chunk = 8 << 20

    /// Writes the salvaged log.
    ///
    /// It is copied a mebibyte at a time, beside its place under a name that begins with a dot, then synced and renamed;
    /// after a failure nothing of it is left. The original is only read.
    ///
    /// - Parameters:
    ///   - original: The path of the log that this was found for.
    ///   - path: Where the new log is to be.
    ///   - replaces: Whether a file of that name is replaced.
    ///   - progress: Told how many bytes are there, now and then; what it throws ends the writing.
    /// - Throws: ``TraceFormatError`` with code `cannotOpen`, `cannotRead` or `notRegularFile` for the original, or
    ///   `cannotWrite`; what `progress` throws.
    public func write(
        from original: String,
        to path: String,
        replacing replaces: Bool = false,
        progress: (Int) throws -> Void = { _ in }
    ) throws {
        let source = try RegularFile(path: original)
        guard source.byteCount >= cutOffset, cutOffset >= NondetFrame.headerBytes else {
            throw TraceFormatError(
                .cannotRead,
                "expected \"\(original)\" to have \(cutOffset) bytes still: found \(source.byteCount)"
            )
        }
        let target = try DraftFile(for: path)
        while target.byteCount < cutOffset {
            try target.append(source, upTo: min(cutOffset, target.byteCount + Self.chunk))
            try progress(target.byteCount)
        }
        try target.write(header, at: 0)
        try target.write(end, at: cutOffset)
        try target.publish(replacing: replaces)
    }

    /// The salvaged log in memory.
    ///
    /// - Parameter log: The log that this was found for.
    /// - Returns: Its bytes.
    /// - Precondition: The log has ``cutOffset`` bytes at least.
    public func bytes(of log: NondetLog) -> [UInt8] {
        header + log.bytes(of: NondetFrame.headerBytes..<cutOffset) + end
    }

    private var header: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(finalInstructionCount)
        return bytes
    }

    private var end: [UInt8] { header + [NondetKind.endOfLog.rawValue, Callsite.endOfLog.rawValue] }
}
