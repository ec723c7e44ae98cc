import Crypto
import Foundation

/// The digests of a member, taken while it passes.
final class MemberDigests {
    private var sha256 = SHA256()
    private var sha1: Insecure.SHA1?
    private(set) var bytes: UInt64 = 0
    /// Its first bytes.
    private(set) var head: [UInt8] = []

    /// - Parameter withSHA1: Whether to take the weaker digest, too, with which rr2 archives are compared.
    init(withSHA1: Bool) {
        if withSHA1 { sha1 = Insecure.SHA1() }
    }

    func update(_ block: UnsafeRawBufferPointer) {
        if head.count < 24 { head += block.prefix(24 - head.count) }
        bytes += UInt64(block.count)
        sha256.update(bufferPointer: block)
        sha1?.update(bufferPointer: block)
    }

    var file: ArchiveContents.File {
        ArchiveContents.File(bytes: bytes, sha256: hexadecimal(sha256.finalize()))
    }

    var sha1Text: String? { sha1.map { hexadecimal($0.finalize()) } }

    /// The instruction count in a log's header, and what `rrpack.py` and `rrtool.py` take for it: the 8 bytes at 16,
    /// where it was in PANDA 1.
    var counts: (header: UInt64, wrong: UInt64?)? {
        guard head.count >= 8 else { return nil }
        func number(at offset: Int) -> UInt64 {
            head[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        return (number(at: 0), head.count >= 24 ? number(at: 16) : nil)
    }
}

/// Digits of a digest.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// The SHA-1 digest of a text.
func sha1(of text: String) -> String { hexadecimal(Insecure.SHA1.hash(data: Data(text.utf8))) }

/// The MD5 digest of all that a source gives.
func md5(of input: any ByteProducer) throws -> [UInt8] {
    var digest = Insecure.MD5()
    while let block = try input.next() { digest.update(bufferPointer: block) }
    return Array(digest.finalize())
}
