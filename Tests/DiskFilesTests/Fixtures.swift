import DiskFiles
import Glibc
import HostSupport
import TestSupport

/// A way to make a file system, as `mke2fs` takes it.
struct Variant: Sendable, CustomStringConvertible {
    let options: [String]
    var description: String { options.joined(separator: " ") }

    init(_ options: String) {
        self.options = options.split(separator: " ").map(String.init)
    }

    static let all = [
        "-t ext2 -b 1024 -I 128", "-t ext2 -b 4096 -I 128 -O ^sparse_super,^resize_inode",
        "-t ext3 -b 1024 -I 256", "-t ext3 -b 4096 -I 128", "-t ext4 -b 1024 -I 128", "-t ext4 -b 4096",
        "-t ext4 -b 1024 -O 64bit,inline_data", "-t ext4 -b 2048 -O ^64bit,^flex_bg",
        "-t ext4 -b 1024 -O meta_bg,^resize_inode -g 1024", "-t ext4 -b 4096 -O bigalloc -C 16384",
        "-t ext4 -b 4096 -O sparse_super2,^has_journal,inline_data", "-t ext4 -b 1024 -I 512 -O ea_inode",
        "-t ext4 -b 65536 -F -O ^has_journal",
    ].map(Variant.init)
}

/// A file that a fixture has.
struct Planned: Sendable {
    enum Contents: Sendable {
        case directory
        case file([UInt8])
        /// Bytes, and where they lie behind a hole.
        case sparse([UInt8], at: UInt64)
        case link(String)
        case pipe
    }

    let path: [UInt8]
    let contents: Contents

    init(_ path: String, _ contents: Contents) {
        self.init(bytes: Array(path.utf8), contents)
    }

    init(bytes: [UInt8], _ contents: Contents) {
        path = bytes
        self.contents = contents
    }

    var kind: ExtInode.Kind {
        switch contents {
        case .directory: .directory
        case .file, .sparse: .file
        case .link: .link
        case .pipe: .pipe
        }
    }

    var byteCount: UInt64? {
        switch contents {
        case .directory: nil
        case .file(let bytes): UInt64(bytes.count)
        case .sparse(let bytes, let place): place + UInt64(bytes.count)
        case .link(let target): UInt64(target.utf8.count)
        case .pipe: 0
        }
    }

    /// Makes it in a folder of the host; names need not be UTF-8.
    func make(in folder: HostPath) throws {
        let path = (Array(folder.string.utf8) + self.path + [0]).map(CChar.init(bitPattern:))
        func write(_ bytes: [UInt8], at place: UInt64) -> Bool {
            let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o640)
            defer { close(file) }
            return pwrite(file, bytes, bytes.count, off_t(place)) == bytes.count
        }
        let isMade =
            switch contents {
            case .directory: mkdir(path, 0o755) == 0
            case .file(let bytes): write(bytes, at: 0)
            case .sparse(let bytes, let place): write(bytes, at: place)
            case .link(let target): symlink(target, path) == 0
            case .pipe: mkfifo(path, 0o600) == 0
            }
        guard isMade else {
            throw Failure(.system, "cannot make \(printableName(self.path)): \(systemMessage(errno))")
        }
    }

    static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// Few files of every kind.
    static let few: [Planned] = [
        Planned("/plain", .file(Array("hello\n".utf8))), Planned("/empty", .file([])),
        Planned("/a name with spaces", .file(Array("spaces".utf8))), Planned("/directory", .directory),
        Planned("/directory/below", .directory), Planned("/directory/below/deep", .file([1, 2, 3])),
        Planned("/two\nlines", .file([4])), Planned(bytes: Array("/bad".utf8) + [0xff, 0xfe], .file([5])),
        Planned("/\u{1B}[31mred", .file([6])), Planned("/short", .link("plain")),
        Planned("/long", .link(String(repeating: "directory/../", count: 10) + "plain")),
        Planned("/pipe", .pipe), Planned("/medium", .file(noise(150, seed: 1))),
        Planned("/large", .file(noise(300_000, seed: 2))),
        Planned("/sparse", .sparse(noise(5000, seed: 3), at: 70 << 20)),
        Planned("/" + String(repeating: "n", count: 255), .file([7])),
    ]

    /// So many files in a directory that it gets an index.
    static let many: [Planned] =
        [Planned("/many", .directory)]
        + (0..<700).map {
            Planned("/many/\(String(repeating: "name", count: 8))-\($0)", .file([UInt8($0 % 256)]))
        }
}

/// Makes a file system with files in it.
func makeFileSystem(
    _ disk: HostPath,
    _ variant: Variant,
    files: [Planned],
    kibibytes: Int,
    offset: UInt64 = 0
) async throws {
    try await withScratch { tree in
        for file in files { try file.make(in: tree) }
        let unit = variant.options.firstIndex(of: "-b").flatMap { Int(variant.options[$0 + 1]) } ?? 1024
        try await Tool("mke2fs", package: "e2fsprogs").run(
            ["-q"] + variant.options
                + ["-d", tree.string, "-E", "offset=\(offset)", disk.string, "\(kibibytes * 1024 / unit)"]
        )
    }
}

/// All files of a file system, by their paths.
func allFiles(_ fileSystem: ExtFileSystem) throws -> [[UInt8]: ExtInode] {
    var walk = try ExtWalk(fileSystem)
    var found: [[UInt8]: ExtInode] = [:]
    while let entry = try walk.next() { found[entry.path] = entry.inode }
    return found
}

/// The error that `body` throws, or nothing where it throws none.
func formatError(of body: () throws(DiskFormatError) -> Void) -> DiskFormatError? {
    do throws(DiskFormatError) {
        try body()
        return nil
    } catch {
        return error
    }
}
