import HostSupport

/// The digests of a member, taken while it passes.
final class MemberDigests {
    private var sha256 = RunningDigest(.sha256)
    private var sha1: RunningDigest?
    private(set) var bytes: UInt64 = 0
    /// Its first bytes.
    private(set) var head: [UInt8] = []

    /// - Parameter withSHA1: Whether to take the weaker digest, too, with which rr2 archives are compared.
    init(withSHA1: Bool) {
        if withSHA1 { sha1 = RunningDigest(.sha1) }
    }

    func update(_ block: UnsafeRawBufferPointer) {
        if head.count < 24 { head += block.prefix(24 - head.count) }
        bytes += UInt64(block.count)
        sha256.update(block)
        sha1?.update(block)
    }

    var file: ArchiveContents.File {
        ArchiveContents.File(bytes: bytes, sha256: sha256.text)
    }

    var sha1Text: String? { sha1?.text }

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

/// The SHA-1 digest of a text.
func sha1(of text: String) -> String { RunningDigest.text(of: Array(text.utf8), .sha1) }

/// The MD5 digest of all that a source gives.
func md5(of input: any ByteProducer) throws -> [UInt8] {
    var digest = RunningDigest(.md5)
    while let block = try input.next() { digest.update(block) }
    return digest.bytes
}
