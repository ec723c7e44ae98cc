public import Foundation
import Glibc

/// Follows a file that another process appends to.
public struct FileTail: Sendable {
    private let path: HostPath
    private var offset: UInt64 = 0

    /// Follows a file from its beginning; it need not be there yet.
    public init(_ path: HostPath) {
        self.path = path
    }

    /// What was appended since the last call, up to `limit` bytes of it.
    ///
    /// - Parameter limit: The most bytes to read.
    /// - Returns: The bytes; none where there is nothing new.
    public mutating func next(limit: Int = 1 << 20) -> Data {
        let file = open(path.string, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return Data() }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = pread(file, &bytes, limit, off_t(offset))
        guard count > 0 else { return Data() }
        offset += UInt64(count)
        return Data(bytes.prefix(count))
    }

    /// The last lines of a file, for an error's message.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - count: How many lines.
    /// - Returns: The lines, with control characters made visible.
    public static func lastLines(of path: HostPath, _ count: Int) -> [String] {
        var tail = FileTail(path)
        let window: UInt64 = 16 << 10
        tail.offset = (FileSystem.size(path) ?? window).subtractingOrZero(window)
        return String(decoding: tail.next(limit: Int(window)), as: UTF8.self)
            .split(whereSeparator: \.isNewline)
            .suffix(count)
            .map { Console.printable(String($0)) }
    }
}

extension UInt64 {
    fileprivate func subtractingOrZero(_ other: UInt64) -> UInt64 { self > other ? self - other : 0 }
}
