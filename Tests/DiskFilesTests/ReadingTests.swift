import DiskFiles
import HostSupport
import TestSupport
import Testing

@Suite("File systems are read as mke2fs made them")
struct ReadingTests {
    @Test("names, kinds, sizes, contents and targets", arguments: Variant.all)
    func everything(variant: Variant) async throws {
        try await withScratch { folder in
            let planned = Planned.few + Planned.many
            let disk = folder / "disk"
            try await makeFileSystem(disk, variant, files: planned, kibibytes: 64 << 10)
            let fileSystem = try ExtFileSystem(DiskRegion(try RawDisk(path: disk.string)))
            var found = try allFiles(fileSystem)
            for file in planned {
                let inode = try #require(found[file.path], "\(printableName(file.path))")
                found[file.path] = nil
                #expect(inode.kind == file.kind)
                if let size = file.byteCount { #expect(inode.byteCount == size) }
                switch file.contents {
                case .file(let bytes):
                    #expect(try fileSystem.contents(of: inode, limit: 1 << 20) == bytes)
                    #expect(inode.mode == 0o640)
                case .sparse(let bytes, let place):
                    let all = try fileSystem.contents(of: inode, limit: 100 << 20)
                    #expect(Array(all[Int(place)...]) == bytes)
                    // Not every byte: they are many for a debug build.
                    #expect(stride(from: 0, to: Int(place), by: 4093).allSatisfy { all[$0] == 0 })
                    let mapped = try fileSystem.runs(of: inode).map(\.byteCount).reduce(0, +)
                    #expect(mapped < 1 << 20)
                case .link(let target):
                    #expect(try fileSystem.target(of: inode) == Array(target.utf8))
                case .directory, .pipe: break
                }
            }
            found[Array("/lost+found".utf8)] = nil
            #expect(found.isEmpty)
        }
    }

    @Test("times, owners and links as debugfs sets them")
    func metadata() async throws {
        try await withScratch { folder in
            let disk = folder / "disk"
            try await makeFileSystem(disk, Variant("-t ext4 -b 1024"), files: Planned.few, kibibytes: 8192)
            let commands = """
                set_inode_field /plain mtime @0x1ffffffff
                set_inode_field /plain mtime_extra 0x1f
                set_inode_field /plain uid 70000
                set_inode_field /plain gid 12
                set_inode_field /plain mode 0104711
                cd /
                ln plain other
                set_inode_field /plain links_count 2
                ea_set /plain user.colour red
                mknod null c 1 3
                """
            try await Tool("debugfs").run(["-w", "-f", "-", disk.string], input: commands)
            let fileSystem = try ExtFileSystem(DiskRegion(try RawDisk(path: disk.string)))
            let files = try allFiles(fileSystem)
            let plain = try #require(files[Array("/plain".utf8)])
            #expect(plain.user == 70000 && plain.group == 12)
            #expect(plain.mode == 0o4711)
            #expect(plain.links == 2)
            #expect(plain.modified.nanoseconds == 7)
            #expect(plain.modified.seconds == 0x2_ffff_ffff)
            #expect(files[Array("/other".utf8)] == plain)
            let null = try #require(files[Array("/null".utf8)])
            #expect(null.kind == .characterDevice && null.device == 0x103)
        }
    }

    @Test("a file system that is none, is cut off, or has features from the future")
    func refusals() async throws {
        try await withScratch { folder in
            let disk = folder / "disk"
            try await makeFileSystem(disk, Variant("-t ext4 -b 1024"), files: [], kibibytes: 2048)
            let bytes = Array(try FileSystem.read(disk))
            func error(_ bytes: [UInt8]) -> DiskFormatError? {
                formatError { () throws(DiskFormatError) in
                    _ = try ExtFileSystem(DiskRegion(MemoryDisk(bytes)))
                }
            }
            #expect(error(bytes) == nil)
            #expect(error(Array(bytes.prefix(1500)))?.code == .notExt)
            #expect(error([UInt8](repeating: 0, count: 4096))?.code == .notExt)
            let cut = error(Array(bytes.prefix(100_000)))
            #expect(cut?.code == .invalidSuperblock && cut?.offset == 1028)
            var future = bytes
            future[1024 + 99] = 0x40
            #expect(error(future)?.code == .unsupportedFeature)
            #expect(error(future)?.offset == 1024 + 96)
        }
    }

    @Test("a directory that lies in itself")
    func circle() async throws {
        try await withScratch { folder in
            let disk = folder / "disk"
            try await makeFileSystem(disk, Variant("-t ext4 -b 1024"), files: Planned.few, kibibytes: 8192)
            try await Tool("debugfs").run(
                ["-w", "-f", "-", disk.string],
                input: "cd /directory/below\nln /directory again\n"
            )
            let fileSystem = try ExtFileSystem(DiskRegion(try RawDisk(path: disk.string)))
            do {
                _ = try allFiles(fileSystem)
                Issue.record("a circle was walked to its end")
            } catch let error as DiskFormatError {
                #expect(error.code == .invalidDirectory)
            }
        }
    }

    @Test("a pipe, a link and a folder are no disks")
    func noDisk() async throws {
        try await withScratch { folder in
            try await Tool("mkfifo").run([(folder / "pipe").string])
            try await Tool("ln").run(["-s", "/etc/passwd", (folder / "link").string])
            for path in [folder, folder / "pipe", folder / "link", folder / "nothing"] {
                let error = formatError { () throws(DiskFormatError) in _ = try RawDisk(path: path.string) }
                #expect(error?.code == .cannotOpen, "\(path)")
            }
        }
    }
}
