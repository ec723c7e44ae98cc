import Glibc
import Synchronization

/// An open file that is sent as it is read.
public final class WebFile: Sendable {
    private let descriptor: Int32
    /// Its size when it was opened.
    public let size: UInt64

    /// Takes over a descriptor, which is closed when the value is released.
    ///
    /// - Parameters:
    ///   - descriptor: An open regular file.
    ///   - size: Its size.
    public init(descriptor: Int32, size: UInt64) {
        self.descriptor = descriptor
        self.size = size
    }

    deinit { close(descriptor) }

    /// Bytes of the file; fewer where it has become shorter.
    func read(at offset: UInt64, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            var result: Int
            repeat {
                result = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            } while result < 0 && errno == EINTR
            read = max(0, result)
        }
    }
}

/// Which bytes of a file are wanted: what a header `Range` says (RFC 9110, section 14).
public enum WebRange: Sendable, Hashable {
    /// All of it: nothing else was asked for, or nothing that we know.
    case whole
    /// These.
    case part(Range<UInt64>)
    /// There are no such bytes.
    case unsatisfiable

    /// Reads a header; several ranges at once are answered with the whole, as they may be.
    ///
    /// - Parameters:
    ///   - header: The header's value; nothing where there is none.
    ///   - size: The file's size.
    public init(_ header: String?, size: UInt64) {
        guard let header, header.hasPrefix("bytes=") else {
            self = .whole
            return
        }
        let parts = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        func number(_ text: Substring) -> UInt64? {
            text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
        }
        guard parts.count == 2 else {
            self = .whole
            return
        }
        switch (number(parts[0]), number(parts[1])) {
        case (let first?, let last?):
            guard first <= last else {
                self = .whole
                return
            }
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
        case (let first?, nil) where parts[1].isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (nil, let count?) where parts[0].isEmpty:
            self = count > 0 && size > 0 ? .part(size - min(count, size)..<size) : .unsatisfiable
        default:
            self = .whole
        }
    }
}

extension WebFile {
    /// The end of the file.
    ///
    /// - Parameter limit: The most bytes.
    /// - Returns: Its last bytes, as far as they can be read.
    public func end(_ limit: Int) -> [UInt8] {
        let count = min(UInt64(limit), size)
        return count == 0 ? [] : read(at: size - count, count: Int(count))
    }
}
