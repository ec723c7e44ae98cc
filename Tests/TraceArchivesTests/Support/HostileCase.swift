import Testing

@testable import TraceArchives

/// An archive that is hostile, and why.
struct HostileCase: Sendable, CustomTestStringConvertible {
    let name: String
    let code: TraceArchiveError.Code
    var limits = ArchiveLimits()
    let bytes: @Sendable (SampleArchives) throws -> [UInt8]

    var testDescription: String { name }

    init(
        _ name: String,
        _ code: TraceArchiveError.Code,
        limits: ArchiveLimits = ArchiveLimits(),
        _ bytes: @escaping @Sendable (SampleArchives) throws -> [UInt8]
    ) {
        self.name = name
        self.code = code
        self.limits = limits
        self.bytes = bytes
    }

    /// An rr2 archive with a further member.
    static func member(
        _ name: String,
        _ code: TraceArchiveError.Code = .unsafeName,
        _ add: @escaping @Sendable (inout RawTar) -> Void
    ) -> [HostileCase] {
        [
            HostileCase("\(name), at the end", code) { try gzipped($0.rr2(behind: add)) },
            HostileCase("\(name), at the start", code) { try gzipped($0.rr2(before: add)) },
        ]
    }

    /// An rr2 archive of which one member is another.
    static func replacing(
        _ member: String,
        _ name: String,
        _ code: TraceArchiveError.Code,
        limits: ArchiveLimits = ArchiveLimits(),
        _ add: @escaping @Sendable (inout RawTar, [UInt8]) -> Void
    ) -> HostileCase {
        HostileCase(name, code, limits: limits) { samples in
            var tar = RawTar()
            for (other, contents) in samples.rr2Members {
                if other == member { add(&tar, contents) } else { tar.add(other, contents) }
            }
            return tar.ended
        }
    }

    /// A PAX header for the member behind it.
    static func pax(_ tar: inout RawTar, _ records: String...) {
        let text = records.map { record in
            let count = record.utf8.count + 4
            precondition((10...99).contains(count))
            return "\(count) \(record)\n"
        }
        tar.add("PaxHeaders/x", Array(text.joined().utf8), type: "x")
    }
}

/// The hostile archives, by what is wrong with them.
enum HostileCases {
    static let all = names + kinds + sizes + contents + ends

    static let names: [HostileCase] =
        HostileCase.member("an absolute name") { $0.add("/tmp/evil", "x") }
        + HostileCase.member("a name that leads upwards") { $0.add("../evil", "x") }
        + HostileCase.member("a name that leads down and up") { $0.add("a/../../evil", "x") }
        + HostileCase.member("the name '..'") { $0.add("..", type: "5") }
        + HostileCase.member("a file in a folder") { $0.add("a/snapshot", "x") }
        + HostileCase.member("a folder") { $0.add("a/", type: "5") }
        + HostileCase.member("a name with an escape sequence") { $0.add("\u{1B}[31mred", "x") }
        + HostileCase.member("a name with a line feed") { $0.add("a\nb", "x") }
        + HostileCase.member("a name that is written from right to left") { $0.add("a\u{202E}b", "x") }
        + HostileCase.member("a name that is no UTF-8") { $0.add([0x61, 0xff, 0xfe], [1]) }
        + HostileCase.member("a long name in a PAX header that leads upwards") {
            HostileCase.pax(&$0, "path=../../evil")
            $0.add("harmless", "x")
        }
        + HostileCase.member("a name in GNU's own header that is absolute") {
            $0.add("././@LongLink", Array("/tmp/evil".utf8) + [0], type: "L")
            $0.add("harmless", "x")
        }

    static let kinds: [HostileCase] =
        HostileCase.member("a symbolic link", .unsafeMember) {
            $0.add("capture.cmd2", type: "2", link: "/etc/passwd")
        }
        + HostileCase.member("a hard link", .unsafeMember) { $0.add("x", type: "1", link: "snapshot") }
        + HostileCase.member("a character device", .unsafeMember) { $0.add("x", type: "3") }
        + HostileCase.member("a block device", .unsafeMember) { $0.add("x", type: "4") }
        + HostileCase.member("a pipe", .unsafeMember) { $0.add("x", type: "6") }
        + [
            .replacing("snapshot", "a snapshot that is a link", .unsafeMember) { tar, _ in
                tar.add("snapshot", type: "2", link: "/etc/passwd")
            },
            .replacing("snapshot", "a sparse snapshot", .unsafeMember) { tar, contents in
                HostileCase.pax(
                    &tar,
                    "GNU.sparse.major=0",
                    "GNU.sparse.minor=1",
                    "GNU.sparse.map=0,512,1024,1"
                )
                tar.add("snapshot", contents)
            },
        ]

    static let sizes: [HostileCase] = [
        .replacing("snapshot", "a size of an exbibyte", .tooLarge) { tar, contents in
            tar.add(Array("snapshot".utf8), contents, size: 1 << 60)
        },
        .replacing("sha1", "a size that is more than there is", .truncated) { tar, contents in
            tar.add(Array("sha1".utf8), contents, size: 60_000)
        },
        .replacing("snapshot", "a size in a PAX header that is more than there is", .truncated) {
            tar,
            contents in
            HostileCase.pax(&tar, "size=9000000")
            tar.add("snapshot", contents)
        },
        .replacing("snapshot", "a size that is less than there is", .damaged) { tar, contents in
            tar.add(Array("snapshot".utf8), contents, size: 512)
        },
        .replacing("capture.cmd", "a command line of a megabyte", .tooLarge) { tar, _ in
            tar.add("capture.cmd", [UInt8](repeating: 0x61, count: 1 << 20))
        },
        .replacing("snapshot", "more than is allowed", .tooLarge, limits: ArchiveLimits(unpackedBytes: 4000))
        {
            tar,
            contents in tar.add("snapshot", contents)
        },
        HostileCase("more members than are allowed", .tooLarge) { samples in
            samples.rr2(behind: { tar in for index in 0..<100 { tar.add("m\(index)", "x") } })
        },
        HostileCase("a gzip bomb", .tooLarge, limits: ArchiveLimits(ratio: 200, ratioFloor: 1 << 20)) {
            samples in
            try gzipped(samples.rr2(behind: { $0.add("zeros", [UInt8](repeating: 0, count: 8 << 20)) }))
        },
        HostileCase("an xz bomb", .tooLarge, limits: ArchiveLimits(ratio: 200, ratioFloor: 1 << 20)) {
            samples in
            var tar = RawTar()
            tar.add("zeros", [UInt8](repeating: 0, count: 8 << 20))
            return try rrFile(xzed(tar.bytes + samples.rr()), instructions: 4711)
        },
        HostileCase(
            "zeros without end behind the end",
            .tooLarge,
            limits: ArchiveLimits(unpackedBytes: 1 << 20)
        ) {
            try gzipped($0.rr2() + [UInt8](repeating: 0, count: 4 << 20))
        },
        HostileCase(
            "xz'd data that takes too much memory",
            .tooLarge,
            limits: ArchiveLimits(decoderBytes: 1 << 20)
        ) {
            try rrFile(xzed($0.rr(), preset: 6), instructions: 4711)
        },
    ]

    static let contents: [HostileCase] = [
        HostileCase("two snapshots", .duplicateMember) { samples in
            samples.rr2(behind: { $0.add("snapshot", samples.recording.snapshot) })
        },
        HostileCase("the same with another spelling", .duplicateMember) { samples in
            samples.rr2(behind: { $0.add("./nondetlog", samples.recording.log) })
        },
        .replacing("RRv2", "no mark", .missingMember) { _, _ in },
        .replacing("snapshot", "no snapshot", .missingMember) { _, _ in },
        .replacing("nondetlog", "no log", .missingMember) { _, _ in },
        .replacing("RRv2", "a mark with an escape sequence", .invalidText) { tar, _ in
            tar.add("RRv2", "\u{1B}[2J")
        },
        .replacing("RRv2", "a mark that is no UTF-8", .invalidText) { tar, _ in tar.add("RRv2", [0xff, 0xfe])
        },
        .replacing("sha1", "digests that are none", .invalidText) { tar, _ in tar.add("sha1", "snapshot: no")
        },
        .replacing("sha1", "a digest of another member", .invalidText) { tar, contents in
            tar.add("sha1", contents + Array("../evil: \(sha1(of: ""))\n".utf8))
        },
        .replacing("sha1", "a digest that is there twice", .duplicateMember) { tar, contents in
            tar.add("sha1", contents + contents)
        },
        .replacing("capture.cmd", "a digest of what is missing", .missingMember) { _, _ in },
        .replacing("snapshot", "another snapshot than was packed", .digestMismatch) { tar, contents in
            tar.add("snapshot", contents + [0])
        },
        .replacing("nondetlog", "another log than was packed", .digestMismatch) { tar, contents in
            tar.add("nondetlog", contents + [0])
        },
        HostileCase("an RRArchive of two recordings", .unsafeName) { samples in
            Array(samples.rrarchive("a").dropLast(1024)) + samples.rrarchive("b")
        },
        HostileCase("an RRArchive with folders in folders", .unsafeName) { samples in
            var tar = RawTar()
            tar.add("a/b/rr-snp", samples.recording.snapshot)
            return Array(samples.rrarchive("a").dropLast(1024)) + tar.ended
        },
        HostileCase("an RRArchive with a file beside its folder", .unsafeName) { samples in
            var tar = RawTar()
            tar.add("evil", "x")
            return Array(samples.rrarchive("a").dropLast(1024)) + tar.ended
        },
        HostileCase("an RRArchive with another snapshot than was packed", .digestMismatch) { samples in
            var bytes = samples.rrarchive("a")
            bytes[3 * 512 + 100] ^= 1
            return bytes
        },
        HostileCase("an rr file of two recordings", .unsafeName) { samples in
            try rrFile(xzed(Array(samples.rr("a").dropLast(1024)) + samples.rr("b")), instructions: 4711)
        },
        HostileCase("an rr file with a wrong MD5", .digestMismatch) { samples in
            var bytes = try rrFile(xzed(samples.rr()), instructions: 4711)
            bytes[20] ^= 1
            return bytes
        },
        HostileCase("an rr file that is only its header", .truncated) { _ in try rrFile([], instructions: 1)
        },
        HostileCase("an rr file that stops in its header", .truncated) { _ in Array("PANDA_RR1234".utf8) },
    ]

    static let ends: [HostileCase] = [
        HostileCase("bytes behind a tar", .trailingBytes) {
            $0.rr2() + [UInt8](repeating: 0, count: 100) + [1]
        },
        HostileCase("a tar behind a tar", .trailingBytes) { $0.rr2() + $0.rr2() },
        HostileCase("bytes behind gzip'd data", .trailingBytes) { try gzipped($0.rr2()) + [1] },
        HostileCase("zeros behind gzip'd data", .trailingBytes) { try gzipped($0.rr2()) + [0] },
        HostileCase("bytes behind xz'd data", .trailingBytes) {
            try rrFile(xzed($0.rr()) + [0, 0, 0, 0], instructions: 4711)
        },
        HostileCase("a tar without its end", .truncated) { Array($0.rr2().dropLast(1024)) },
        HostileCase("a tar with half of its end", .truncated) { Array($0.rr2().dropLast(512)) },
        HostileCase("a tar that stops in a member", .truncated) { Array($0.rr2().prefix(3000)) },
        HostileCase("gzip'd data that stops", .truncated) { Array(try gzipped($0.rr2()).dropLast(1)) },
        HostileCase("xz'd data that stops", .truncated) {
            try rrFile(Array(xzed($0.rr()).dropLast(1)), instructions: 4711)
        },
        HostileCase("a wrong checksum of gzip", .damaged) { samples in
            var bytes = try gzipped(samples.rr2())
            bytes[bytes.count - 6] ^= 1
            return bytes
        },
        HostileCase("a wrong length of gzip", .damaged) { samples in
            var bytes = try gzipped(samples.rr2())
            bytes[bytes.count - 2] ^= 1
            return bytes
        },
        HostileCase("a wrong checksum of a header", .damaged) { samples in
            var bytes = samples.rr2()
            bytes[1024 + 136] ^= 1
            return bytes
        },
    ]
}
