import DiskFiles
import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("Two states of a file system are compared")
struct ComparisonTests {
    private func open(_ disk: HostPath) throws -> ExtFileSystem {
        try ExtFileSystem(DiskRegion(try RawDisk(path: disk.string)))
    }

    private func changes(_ before: HostPath, _ after: HostPath, contents: Bool = false) throws -> [String] {
        var comparison = try TreeComparison(
            before: try open(before),
            after: try open(after),
            comparesAllContents: contents
        )
        var all: [String] = []
        while let some = try comparison.next() {
            all += some.map { change in
                let aspects = change.aspects.map(\.rawValue).joined(separator: ",")
                return "\(change.kind.rawValue) \(printableName(change.path)) \(aspects)"
            }
        }
        return all.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 }.sorted()
    }

    /// Makes a disk, a copy of it that debugfs changes, and compares them.
    private func compare(
        _ commands: String,
        on variant: Variant = Variant("-t ext4 -b 1024 -O inline_data")
    ) async throws -> [String] {
        try await withScratch { folder in
            let (before, after) = (folder / "before", folder / "after")
            try await makeFileSystem(before, variant, files: Planned.few, kibibytes: 16 << 10)
            try FileSystem.copy(before, to: after)
            try FileSystem.write("changed\n", to: folder / "new")
            try await Tool("debugfs").run(
                ["-w", "-f", "-", after.string],
                workingDirectory: folder,
                input: commands
            )
            return try changes(before, after)
        }
    }

    @Test("nothing changed, or nothing but when a file was read")
    func nothing() async throws {
        #expect(try await compare("set_inode_field /plain atime @1\n") == [])
        #expect(try await compare("sif /plain atime @1\n", on: Variant("-t ext2 -b 1024 -I 128")) == [])
    }

    @Test(
        "files that were added, changed and deleted",
        arguments: [Variant.all[0], Variant.all[3], Variant.all[6]]
    )
    func ordinary(variant: Variant) async throws {
        let found = try await compare(
            """
            write new /directory/new
            mkdir /folder
            write new /folder/inside
            rm /plain
            rm /medium
            write new /medium
            rm "/a name with spaces"
            symlink /fresh nowhere
            set_inode_field /large mode 0100600
            set_inode_field /directory uid 7
            rm /short
            symlink /short elsewhere
            """,
            on: variant
        )
        let expected = [
            "added /directory/new", "added /folder", "added /folder/inside", "added /fresh",
            "changed /directory owner", "changed /large mode", "changed /medium content,mode",
            "changed /short content", "deleted /a name with spaces", "deleted /plain",
        ]
        // debugfs sets the times of files and links that it makes, perhaps in the second in which mke2fs made them.
        #expect(
            found.map { $0.hasSuffix(",modified") ? String($0.dropLast(",modified".count)) : $0 } == expected
        )
    }

    @Test("a folder became a file, with all that was in it")
    func type() async throws {
        let found = try await compare(
            """
            rm /directory/below/deep
            rmdir /directory/below
            rmdir /directory
            write new /directory
            """
        )
        #expect(found.count == 3)
        #expect(found[0].hasPrefix("changed /directory type"))
        #expect(found.dropFirst() == ["deleted /directory/below", "deleted /directory/below/deep"])
    }

    @Test("attributes and flags")
    func attributes() async throws {
        let found = try await compare(
            """
            ea_set /plain user.colour red
            set_inode_field /large flags 0x80010
            """
        )
        #expect(found == ["changed /large attributes", "changed /plain attributes"])
    }

    @Test("contents that were changed behind the file system's back are seen on demand")
    func contents() async throws {
        try await withScratch { folder in
            let (before, after) = (folder / "before", folder / "after")
            try await makeFileSystem(
                before,
                Variant("-t ext4 -b 1024"),
                files: Planned.few,
                kibibytes: 16 << 10
            )
            let fileSystem = try open(before)
            let inode = try #require(try allFiles(fileSystem)[Array("/large".utf8)])
            let run = try #require(try fileSystem.runs(of: inode).first)
            var bytes = try FileSystem.read(before)
            bytes[Int(run.place) + 100] ^= 1
            try FileSystem.write(bytes, to: after)
            #expect(try changes(before, after) == [])
            #expect(try changes(before, after, contents: true) == ["changed /large content"])
        }
    }

    @Test("a file that was rewritten with what it had is as it was but for its time")
    func rewritten() async throws {
        try await withScratch { folder in
            let (before, after) = (folder / "before", folder / "after")
            let files = [Planned("/a", .file([1, 2, 3])), Planned("/b", .sparse([1], at: 5 << 20))]
            try await makeFileSystem(before, Variant("-t ext4 -b 1024"), files: files, kibibytes: 16 << 10)
            // Another file system with the same files: nothing of an inode is the same.
            try await makeFileSystem(
                after,
                Variant("-t ext2 -b 4096"),
                files: files.reversed(),
                kibibytes: 16 << 10
            )
            for disk in [before, after] {
                let commands =
                    "sif /a mtime @9\nsif /b mtime @9\nsif /a mtime_extra 0\nsif /b mtime_extra 0\n"
                try await Tool("debugfs").run(["-w", "-f", "-", disk.string], input: commands)
            }
            #expect(try changes(before, after) == [])
        }
    }
}
