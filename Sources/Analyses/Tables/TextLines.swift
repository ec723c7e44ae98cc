import Foundation
import HostSupport

/// The lines of a file that a plugin wrote, one after the other; what is no UTF-8 becomes U+FFFD.
struct TextLines {
    private static let longestLine = 1 << 20

    private let file: FileHandle
    private var bytes: [UInt8] = []
    private var place = 0
    private var isAtEnd = false

    /// Opens a file; nothing where there is none.
    init?(_ path: HostPath) {
        // A plugin may have made a link of that name: what it leads to is not read.
        guard FileSystem.isRegularFile(path), let file = FileHandle(forReadingAtPath: path.string) else {
            return nil
        }
        self.file = file
    }

    /// The next line without its end; a longer one than a mebibyte comes in pieces.
    mutating func next() throws -> String? {
        while true {
            if let end = bytes[place...].firstIndex(of: 0x0a) {
                defer { place = end + 1 }
                return String(decoding: bytes[place..<end], as: UTF8.self)
            }
            if isAtEnd || bytes.count - place > Self.longestLine {
                guard place < bytes.count else { return nil }
                defer { place = bytes.count }
                return String(decoding: bytes[place...], as: UTF8.self)
            }
            bytes.removeSubrange(..<place)
            place = 0
            guard Interrupts.count == 0 else { throw Failure(.interrupted, "interrupted") }
            let data = try file.read(upToCount: 1 << 18) ?? Data()
            bytes += data
            isAtEnd = data.isEmpty
        }
    }
}
