import Foundation
import Glibc
public import HostSupport

extension AddressMap {
    /// Makes the map of the key in a file, and the file with a new key where there is none.
    ///
    /// The file has 64 hexadecimal digits and is this user's alone: whoever has it can tell the addresses.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``HostSupport/Failure`` where it cannot be read or made, where others can read it, or where it is no
    ///   key.
    public convenience init(keyFile path: HostPath) throws {
        if FileKind(path) == nil { try Self.makeKey(path) }
        guard let kind = FileKind(path), kind.kind == .regular else {
            throw Failure(.badData, "the key \(path) is no regular file")
        }
        guard kind.mode & 0o077 == 0 else {
            throw Failure(
                .notPermitted,
                "others may read the key \(path)",
                hint: "chmod 600 \(shellQuoted(path.string)); if it was open for long, make a new one"
            )
        }
        let text = try FileSystem.readText(path, limit: 4096).trimmingCharacters(in: .whitespacesAndNewlines)
        let digits = Array(text.utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap { place in
            UInt8(String(decoding: digits[place...place + 1], as: UTF8.self), radix: 16)
        }
        guard digits.count == 2 * Self.keyBytes, bytes.count == Self.keyBytes else {
            throw Failure(
                .badData,
                "\(path) is no key for addresses: it has not \(2 * Self.keyBytes) hexadecimal digits"
            )
        }
        try self.init(key: bytes)
    }

    private static func makeKey(_ path: HostPath) throws {
        var random = SystemRandomNumberGenerator()
        let key = (0..<keyBytes).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        // Nobody who makes the file at the same moment is overwritten: his key may have been used.
        let draft = path.draft
        try FileSystem.write(hexadecimal(key) + "\n", to: draft, mode: 0o600)
        defer { unlink(draft.string) }
        guard link(draft.string, path.string) == 0 || errno == EEXIST else {
            throw Failure(.cannotCreate, "cannot make the key \(path): \(systemMessage(errno))")
        }
    }
}
