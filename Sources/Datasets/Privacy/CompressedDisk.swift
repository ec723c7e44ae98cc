import Foundation
import HostSupport

/// A qcow2 disk some of whose clusters are compressed, so that its bytes are not those that the guest sees.
///
/// It may be anybody's: a disk that names other files is read without them.
struct CompressedDisk {
    private static let tool = Tool("qemu-img", package: "qemu-utils")
    private static let magic: [UInt8] = [0x51, 0x46, 0x49, 0xFB]

    private struct Check: Decodable {
        let compressedClusters: Int?

        enum CodingKeys: String, CodingKey { case compressedClusters = "compressed-clusters" }
    }

    let path: HostPath

    init(_ path: HostPath) {
        self.path = path
    }

    /// Whether it is a qcow2 disk with compressed clusters.
    ///
    /// - Throws: ``HostSupport/Failure`` where QEMU cannot read it, or where it keeps its contents in another file.
    func hasCompressedClusters() async throws -> Bool {
        guard
            let head = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path.string)).read(upToCount: 80),
            head.starts(with: Self.magic)
        else { return false }
        // Bit 2 of the features that a reader must know, from version 3 on: the contents are in another file.
        if head.count >= 80, head[7] >= 3, head[79] & 4 != 0 {
            throw Failure(.badData, "the disk \(path) keeps its contents in another file")
        }
        let output = try await Self.tool.output(["check", "--output=json", node])
        // Leaks are none of our business; a disk that cannot be read at all is.
        guard
            let check = try? JSONText.decode(
                Check.self,
                from: Data(output.standardOutput.utf8),
                source: "qemu-img"
            )
        else {
            throw Failure(
                .badData,
                "qemu-img cannot read \(path): \(output.standardError.firstLine ?? "it says nothing")"
            )
        }
        return check.compressedClusters ?? 0 > 0
    }

    /// Gives `body` what the guest sees of this disk alone, as a file that is gone afterwards.
    func withContents(in folder: HostPath, _ body: (HostPath) throws -> Void) async throws {
        let scratch = try ScratchFolder(in: folder)
        defer { scratch.remove() }
        let contents = scratch.path / "disk"
        try await Self.tool.run(["convert", "-O", "raw", node, contents.string])
        try body(contents)
    }

    private var node: String {
        let quoted = (try? String(decoding: JSONEncoder().encode(path.string), as: UTF8.self)) ?? "\"\""
        return #"json:{"driver":"qcow2","backing":null,"file":{"driver":"file","filename":\#(quoted)}}"#
    }
}
