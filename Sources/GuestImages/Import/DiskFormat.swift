import DiskFiles
import HostSupport

/// The format of a disk image that the user has, told from its first and last bytes alone.
///
/// QEMU's own guess is not asked: it opens the files that some formats name, and the guest of a raw disk decides what
/// that looks like.
enum DiskFormat: String {
    case raw
    case qcow2

    private struct Signature {
        let name: String
        let offset: Int
        let bytes: [UInt8]

        init(_ name: String, _ text: String, at offset: Int = 0) {
            self.init(name, Array(text.utf8), at: offset)
        }

        init(_ name: String, _ bytes: [UInt8], at offset: Int = 0) {
            self.name = name
            self.offset = offset
            self.bytes = bytes
        }

        func isAt(_ place: Int, of head: [UInt8]) -> Bool {
            head.count >= place + bytes.count && Array(head[place..<place + bytes.count]) == bytes
        }
    }

    /// Formats that are not taken, as `qemu-img` calls them.
    private static let others = [
        Signature("qcow", [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 1]), Signature("vmdk", "KDMV"),
        Signature("vmdk", "COWD"), Signature("vmdk", "# Disk DescriptorFile"),
        Signature("vdi", [0x7f, 0x10, 0xda, 0xbe], at: 64), Signature("vhdx", "vhdxfile"),
        Signature("vpc", "conectix"), Signature("qed", "QED\0"), Signature("parallels", "WithoutFreeSpace"),
        Signature("parallels", "WithouFreSpacExt"), Signature("bochs", "Bochs Virtual HD Image"),
        Signature("cloop", "#!/bin/sh\n#V2.0 Format"),
        Signature("luks", [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]),
    ]
    /// Compressed files and archives, by the tool that unpacks them.
    private static let packed = [
        Signature("gunzip", [0x1f, 0x8b]), Signature("unxz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]),
        Signature("unzstd", [0x28, 0xb5, 0x2f, 0xfd]), Signature("bunzip2", "BZh"),
        Signature("unzip", [0x50, 0x4b, 3, 4]), Signature("tar -x", "ustar", at: 257),
    ]

    /// Tells the format of a file.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``HostSupport/Failure`` where it is in a format that is not taken.
    init(of path: HostPath) throws {
        let head: [UInt8]
        let tail: [UInt8]
        do throws(DiskFormatError) {
            let file = try RawDisk(path: path.string)
            let size = file.byteCount
            head = try file.read(at: 0, count: Int(min(size, 512)))
            tail = try file.read(at: size - min(size, 512), count: Int(min(size, 512)))
        } catch {
            throw Failure(.badData, "cannot read the disk: \(error)")
        }
        guard head.count == 512 else {
            throw Failure(.badData, "\(path) is no disk: it has \(head.count) bytes")
        }
        if let tool = Self.packed.first(where: { $0.isAt($0.offset, of: head) })?.name {
            throw Failure(
                .badData,
                "\(path) is compressed or an archive",
                hint: "unpack it first, with '\(tool)'"
            )
        }
        let other = Self.others.first { $0.isAt($0.offset, of: head) }
        let trailer = [Signature("vpc", "conectix"), Signature("dmg", "koly")].first { $0.isAt(0, of: tail) }
        if let name = (other ?? trailer)?.name {
            let problem = name == "luks" ? "encrypted" : "in the format \(name)"
            throw Failure(
                .badData,
                "the disk \(path) is \(problem); raw and qcow2 are taken",
                hint:
                    "convert it first: qemu-img convert -f \(name) -O qcow2 \(shellQuoted(path.string)) NEW.qcow2"
            )
        }
        self = head.starts(with: QCOW2Header.magic) ? .qcow2 : .raw
    }
}
