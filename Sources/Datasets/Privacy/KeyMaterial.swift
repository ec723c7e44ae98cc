import Foundation
import HostSupport

/// A private key that was found, as far as its bytes tell whose it is.
///
/// Sources: RFC 7468 (key files), PROTOCOL.key of OpenSSH, `buf_put_ed25519_priv_key` of dropbear.
struct KeyMaterial: Equatable {
    /// What it is known by: `SHA256:` and the digest, as `ssh-keygen -l` prints it; of other keys, of what their file has.
    var fingerprint: String
    /// The words that it was made with.
    var comment: String?
    /// Where everybody has it from; nothing of a key that is somebody's own.
    var publisher: String?

    /// The longest key file that is looked into.
    static let longest = 8192
    /// The fewest bytes that a key's file has between its first line and its last.
    private static let shortest = 32

    /// Reads what stands behind the words `PRIVATE KEY-----`.
    ///
    /// - Returns: Nothing where no key follows: every program that reads keys has those words, too.
    init?(keyFile bytes: some Sequence<UInt8>) {
        var digits: [UInt8] = []
        var isEscaped = false
        var isHeader = false
        // What stands in a string of a program or in JSON has its line ends written out.
        for byte in bytes.prefix(Self.longest) {
            if isEscaped {
                isEscaped = false
                if byte == UInt8(ascii: "n") || byte == UInt8(ascii: "r") { continue }
                return nil
            }
            switch byte {
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "\n"): isHeader = false
            case UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "\t"): continue
            // 'Proc-Type: 4,ENCRYPTED' of older files.
            case UInt8(ascii: ":") where digits.count < 64:
                digits = []
                isHeader = true
            case _ where isHeader: continue
            case UInt8(ascii: "-") where digits.count < Self.shortest: continue
            default:
                guard Self.isDigit(byte) else {
                    self.init(digits: digits)
                    return
                }
                digits.append(byte)
            }
        }
        self.init(digits: digits)
    }

    private init?(digits: [UInt8]) {
        // The end of the text is filled up with '='; of a key that is cut, the last digits may be too few.
        let filled = digits + [UInt8](repeating: UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
        guard digits.count >= Self.shortest,
            let data = Data(base64Encoded: Data(filled))
                ?? Data(base64Encoded: Data(digits.prefix(digits.count / 4 * 4)))
        else { return nil }
        if let key = KeyMaterial(openSSH: Array(data)) {
            self = key
        } else {
            fingerprint = "SHA256:" + Self.digest(Array(data))
            publisher = PublishedKeys.publisher(of: data)
        }
    }

    /// Reads what begins with `openssh-key-v1`.
    ///
    /// - Returns: Nothing where no key follows.
    init?(openSSH bytes: [UInt8]) {
        let magic = Array("openssh-key-v1\0".utf8)
        guard bytes.starts(with: magic) else { return nil }
        var strings = Strings(bytes[magic.count...])
        guard let cipher = strings.next(), (3...32).contains(cipher.count),
            cipher.allSatisfy({ (0x21...0x7E).contains($0) }), strings.next() != nil, strings.next() != nil,
            strings.number() != nil, let key = strings.next(), key.count > 8
        else { return nil }
        fingerprint = "SHA256:" + Self.digest(Array(key))
        guard cipher.elementsEqual("none".utf8), let secret = strings.next() else { return }
        var parts = Strings(secret)
        guard parts.number() != nil, parts.number() != nil else { return }
        var last: ArraySlice<UInt8>?
        while let part = parts.next() { last = part }
        comment = last.map { Console.printable(String(decoding: $0.prefix(128), as: UTF8.self)) }
    }

    /// Reads an Ed25519 key that begins with its name and has 64 bytes, of which the last 32 are the public half.
    init?(dropbear bytes: [UInt8]) {
        var strings = Strings(bytes[...])
        guard let name = strings.next(), let pair = strings.next(), pair.count == 64, Set(pair).count > 8
        else {
            return nil
        }
        func string(_ part: ArraySlice<UInt8>) -> [UInt8] {
            [
                UInt8(part.count >> 24), UInt8(part.count >> 16 & 255), UInt8(part.count >> 8 & 255),
                UInt8(part.count & 255),
            ] + part
        }
        fingerprint = "SHA256:" + Self.digest(string(name) + string(pair.suffix(32)))
    }

    /// The digest of a public key as `ssh-keygen -l` prints it.
    static func digest(_ key: [UInt8]) -> String {
        var digest = RunningDigest(.sha256)
        key.withUnsafeBytes { digest.update($0) }
        return Data(digest.bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
    }

    /// Strings behind their lengths, in four bytes each, big endian (RFC 4251).
    private struct Strings {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) {
            rest = bytes
        }

        mutating func number() -> Int? {
            guard rest.count >= 4 else { return nil }
            defer { rest = rest.dropFirst(4) }
            return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        }

        mutating func next() -> ArraySlice<UInt8>? {
            guard let count = number(), count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
    }
}
