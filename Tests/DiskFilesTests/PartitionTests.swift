import DiskFiles
import HostSupport
import TestSupport
import Testing

@Suite("Partitions are found where sfdisk put them")
struct PartitionTests {
    private func disk(_ script: String, in folder: HostPath) async throws -> HostPath {
        let disk = folder / "disk"
        try await Tool("truncate").run(["-s", "64M", disk.string])
        try await Tool("sfdisk", package: "fdisk").run(["-q", disk.string], input: script)
        return disk
    }

    private let logical = """
        label: dos
        start=2048, size=4096, type=83
        start=8192, size=40000, type=5
        start=10240, size=4096, type=82
        start=16384, size=4096, type=83
        """

    @Test("primary and logical ones of an MBR")
    func mbr() async throws {
        try await withScratch { folder in
            let disk = try await disk(logical, in: folder)
            let offset: UInt64 = 16384 * 512
            try await makeFileSystem(
                disk,
                Variant("-t ext2 -b 1024"),
                files: [Planned("/here", .file([1]))],
                kibibytes: 2048,
                offset: offset
            )
            let file = try RawDisk(path: disk.string)
            let layout = try DiskLayout(file)
            #expect(layout.volumes.map(\.partition) == [1, 5, 6])
            #expect(layout.volumes.map(\.start) == [1_048_576, 5_242_880, offset])
            #expect(layout.volumes.map(\.contents) == [.other, .other, .ext])
            #expect(layout.table.partitions.map(\.type) == ["83", "82", "83"])
            let region = try DiskRegion(file, start: offset, byteCount: 4096 * 512)
            #expect(try allFiles(try ExtFileSystem(region)).keys.contains(Array("/here".utf8)))
        }
    }

    @Test("those of a GPT, from its copy where the first is damaged")
    func gpt() async throws {
        try await withScratch { folder in
            let script = "label: gpt\nstart=2048, size=4096, type=linux\nstart=8192, size=8192, type=swap\n"
            let disk = try await disk(script, in: folder)
            let swap = folder / "swap"
            try await Tool("truncate").run(["-s", "4M", swap.string])
            try await Tool("mkswap").run(["-q", swap.string])
            try await Tool("dd").run([
                "if=\(swap)", "of=\(disk)", "bs=4096", "seek=1024", "conv=notrunc", "status=none",
            ])
            let file = try RawDisk(path: disk.string)
            let layout = try DiskLayout(file)
            #expect(layout.volumes.map(\.start) == [1_048_576, 4_194_304])
            #expect(layout.volumes.map(\.byteCount) == [2_097_152, 4_194_304])
            #expect(layout.volumes.map(\.contents) == [.other, .swap])
            #expect(layout.table.partitions.first?.type == "0FC63DAF-8483-4772-8E79-3D69D8477DE4")
            var bytes = Array(try FileSystem.read(disk))
            bytes[512 + 40] ^= 1
            #expect(try DiskLayout(MemoryDisk(bytes)) == layout)
            bytes[bytes.count - 512 + 40] ^= 1
            let error = formatError { () throws(DiskFormatError) in _ = try DiskLayout(MemoryDisk(bytes)) }
            #expect(error?.code == .invalidPartitionTable)
            #expect(error?.offset == 512 + 16)
        }
    }

    @Test("a chain of logical partitions without end, and a partition beyond the disk")
    func damage() async throws {
        try await withScratch { folder in
            let disk = try await disk(logical, in: folder)
            var endless = Array(try FileSystem.read(disk))
            let second = 8192 * 512
            // The second entry of a link leads to the next one: let it lead to itself.
            let entry = second + 446 + 16
            #expect(endless[entry + 4] == 5)
            endless.replaceSubrange(entry + 8..<entry + 12, with: [0, 0, 0, 0])
            func code(_ bytes: [UInt8]) -> DiskFormatError.Code? {
                formatError { () throws(DiskFormatError) in _ = try DiskLayout(MemoryDisk(bytes)) }?.code
            }
            #expect(code(endless) == .invalidPartitionTable)
            var long = Array(try FileSystem.read(disk))
            long[446 + 15] = 0xff
            #expect(code(long) == .invalidPartitionTable)
        }
    }

    @Test("a disk that is not divided is one volume, whatever its boot sector looks like")
    func whole() async throws {
        try await withScratch { folder in
            let disk = folder / "disk"
            try await makeFileSystem(disk, Variant("-t ext4 -b 1024"), files: [], kibibytes: 2048)
            var bytes = Array(try FileSystem.read(disk))
            #expect(try DiskLayout(MemoryDisk(bytes)).volumes.map(\.contents) == [.ext])
            bytes.replaceSubrange(446..<462, with: [0x80, 0, 0, 0, 0x83, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0])
            bytes.replaceSubrange(510..<512, with: [0x55, 0xaa])
            #expect(try DiskLayout(MemoryDisk(bytes)).volumes.map(\.contents) == [.ext])
            let empty = try DiskLayout(MemoryDisk([UInt8](repeating: 0, count: 100)))
            #expect(empty.volumes.map(\.contents) == [.other])
        }
    }
}
