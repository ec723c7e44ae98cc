import Crypto
public import Foundation

/// A digest that is taken while bytes pass.
public struct RunningDigest: Sendable {
    /// How a digest is computed.
    public enum Algorithm: Sendable {
        /// SHA-256, FIPS 180-4.
        case sha256
        /// SHA-1, where a format asks for it: against accidents only.
        case sha1
        /// MD5, where a format or a service asks for it: against accidents only.
        case md5
    }

    private var function: any HashFunction & Sendable

    /// Begins with no byte.
    public init(_ algorithm: Algorithm) {
        switch algorithm {
        case .sha256: function = SHA256()
        case .sha1: function = Insecure.SHA1()
        case .md5: function = Insecure.MD5()
        }
    }

    /// Takes in the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        function.update(bufferPointer: bytes)
    }

    /// The digest of all bytes so far: 32, 20 or 16 bytes.
    public var bytes: [UInt8] { function.digest }

    /// The digest of all bytes so far, in hexadecimal.
    public var text: String { hexadecimal(bytes) }

    /// The digest of bytes that are all there.
    public static func text(of data: some DataProtocol, _ algorithm: Algorithm) -> String {
        var digest = RunningDigest(algorithm)
        for region in data.regions { region.withUnsafeBytes { digest.update($0) } }
        return digest.text
    }

    /// The message authentication code of bytes under a key: HMAC with SHA-256, RFC 2104, 32 bytes.
    public static func code(of data: some DataProtocol, key: some ContiguousBytes) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: key)))
    }
}

extension HashFunction {
    fileprivate var digest: [UInt8] { Array(finalize()) }
}

/// Bytes as hexadecimal digits, two each, in small letters.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
