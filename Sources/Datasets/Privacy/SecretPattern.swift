/// One string that is looked for, in one encoding.
struct SecretPattern: Sendable {
    /// What must stand around the string.
    enum Boundary: Sendable {
        /// Anything.
        case none
        /// No letter, digit or underscore: the string is a word.
        case word
        /// No digit, point or colon: the string is an address.
        case address
        /// Anything before, and behind it nothing that would make it another name.
        case path
    }

    /// What the bytes are.
    enum Form: Sendable {
        /// UTF-8, or bytes that are no text.
        case plain
        /// UTF-16, little endian.
        case wide
        /// Four bytes of an address, which only packets have often enough to mean something.
        case binary
        /// What stands behind the word BEGIN of a private key's file.
        case keyFile
        /// The first bytes of OpenSSH's private keys.
        case openSSHKey
        /// A private key as dropbear's server has it.
        case dropbearKey
    }

    let bytes: [UInt8]
    let form: Form
    let kind: FindingKind
    let subject: String
    var boundary = Boundary.none

    /// A text in the encodings that programs have text in.
    static func text(
        _ text: String,
        _ kind: FindingKind,
        subject: String,
        boundary: Boundary = .none
    ) -> [SecretPattern] {
        let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        return [(Array(text.utf8), Form.plain), (wide, .wide)].map { bytes, form in
            SecretPattern(bytes: bytes, form: form, kind: kind, subject: subject, boundary: boundary)
        }
    }

    /// The files that private keys are in, whatever they are called.
    static let keys: [SecretPattern] =
        [
            SecretPattern(
                bytes: Array("PRIVATE KEY-----".utf8),
                form: .keyFile,
                kind: .privateKey,
                subject: "private key"
            ),
            SecretPattern(
                bytes: Array("openssh-key-v1\0".utf8),
                form: .openSSHKey,
                kind: .privateKey,
                subject: "private key"
            ),
            SecretPattern(
                bytes: Array("\0\0\0\u{b}ssh-ed25519\0\0\0\u{40}".utf8),
                form: .dropbearKey,
                kind: .guestKey,
                subject: "dropbear's key"
            ),
        ] + [wideKeyFile]

    private static let wideKeyFile = SecretPattern(
        bytes: "PRIVATE KEY-----".utf16.flatMap { [UInt8($0), 0] },
        form: .keyFile,
        kind: .privateKey,
        subject: "private key"
    )

    /// Whether what stands around a place lets it be the string.
    func isWhole(in bytes: UnsafeRawBufferPointer, at place: Int) -> Bool {
        guard boundary != .none else { return true }
        let unit = form == .wide ? 2 : 1
        func character(_ place: Int) -> UInt8? {
            guard place >= 0, place + unit <= bytes.count, unit == 1 || bytes[place + 1] == 0 else {
                return nil
            }
            return bytes[place]
        }
        let before = character(place - unit)
        let after = character(place + self.bytes.count)
        switch boundary {
        case .none: return true
        case .word: return !Self.isWord(before) && !Self.isWord(after)
        case .address:
            // An address may end a sentence, or stand before a port.
            return !Self.isAddress(before) && !Self.isAddress(after == 0x2E || after == 0x3A ? nil : after)
        case .path: return !Self.isWord(after) && after != UInt8(ascii: "-")
        }
    }

    private static func isWord(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || byte >= 0x80
    }

    private static func isAddress(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
    }
}
