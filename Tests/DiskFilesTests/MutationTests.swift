import DiskFiles
import HostSupport
import TestSupport
import Testing

/// Disks damaged at random: nothing may trap or hang.
@Suite("Damage at random")
struct MutationTests {
    private static let interesting: [UInt8] = [0x00, 0x01, 0x07, 0x0a, 0x7f, 0x80, 0xf3, 0xff]

    private func mutate(_ bytes: inout [UInt8], _ places: [Int], _ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            guard let place = places.randomElement(using: &random) else { return }
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes[place] = Self.interesting.randomElement(using: &random) ?? 0
            case 3: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 4: for index in place..<min(bytes.count, place + 4) { bytes[index] = 0xff }
            default:
                guard let other = places.randomElement(using: &random) else { return }
                let count = min(12, bytes.count - max(place, other))
                bytes.replaceSubrange(place..<place + count, with: Array(bytes[other..<other + count]))
            }
        }
    }

    /// Reads all that can be read.
    ///
    /// - Returns: How many files were damaged.
    private func exercise(
        _ bytes: [UInt8],
        against original: ExtFileSystem
    ) throws(DiskFormatError) -> Int {
        var damaged = 0
        let disk = MemoryDisk(bytes)
        for volume in try DiskLayout(disk).volumes where volume.contents == .ext {
            let fileSystem = try ExtFileSystem(
                try DiskRegion(disk, start: volume.start, byteCount: volume.byteCount)
            )
            var comparison = try TreeComparison(
                before: original,
                after: fileSystem,
                comparesAllContents: true
            )
            do throws(DiskFormatError) {
                while try comparison.next() != nil {}
            } catch {
                damaged += 1
            }
            var walk = try ExtWalk(fileSystem)
            while let entry = try walk.next() {
                _ = printableName(entry.path)
                do throws(DiskFormatError) {
                    _ = try fileSystem.runs(of: entry.inode)
                    _ = try fileSystem.contents(of: entry.inode, limit: 1 << 16)
                    if entry.inode.kind == .link { _ = try fileSystem.target(of: entry.inode) }
                } catch {
                    damaged += 1
                }
            }
        }
        return damaged
    }

    private static let small: [Planned] =
        Planned.few.filter { ![Array("/large".utf8), Array("/sparse".utf8)].contains($0.path) } + [
            Planned("/pieces", .sparse([1], at: 300_000)), Planned("/tail", .sparse([2], at: 20_000)),
        ]

    @Test(
        "file systems",
        arguments: [
            "-t ext2 -b 1024 -I 128", "-t ext4 -b 1024 -O inline_data,^has_journal",
            "-t ext4 -b 1024 -O 64bit,meta_bg,^resize_inode,^has_journal",
        ].map(Variant.init)
    )
    func fileSystems(variant: Variant) async throws {
        try await withScratch { folder in
            let disk = folder / "disk"
            try await makeFileSystem(disk, variant, files: Self.small, kibibytes: 512)
            let original = Array(try FileSystem.read(disk))
            let used = original.indices.filter { original[$0] != 0 }
            var random = SeededGenerator(seed: 0xd15c)
            var errors = 0
            for _ in 0..<2000 {
                var bytes = original
                mutate(&bytes, used, &random)
                let sound = try ExtFileSystem(DiskRegion(MemoryDisk(original)))
                do throws(DiskFormatError) {
                    if try exercise(bytes, against: sound) > 0 { errors += 1 }
                } catch {
                    errors += 1
                    #expect(!error.message.isEmpty)
                }
            }
            #expect((200..<2000).contains(errors))
        }
    }

    @Test("partition tables")
    func tables() async throws {
        try await withScratch { folder in
            let scripts = [
                "label: gpt\nstart=40, size=8\nstart=48, size=8\n",
                "label: dos\nstart=1, size=8, type=83\nstart=10, size=60, type=5\nstart=12, size=4, type=83\n",
            ]
            var random = SeededGenerator(seed: 0x7ab1)
            for script in scripts {
                let disk = folder / "disk"
                try FileSystem.write("", to: disk)
                try await Tool("truncate").run(["-s", "64K", disk.string])
                try await Tool("sfdisk").run(["-q", "--no-tell-kernel", disk.string], input: script)
                let original = Array(try FileSystem.read(disk))
                let places = original.indices.filter { original[$0] != 0 } + Array(440..<600)
                for _ in 0..<2000 {
                    var bytes = original
                    mutate(&bytes, places, &random)
                    guard let layout = try? DiskLayout(MemoryDisk(bytes)) else { continue }
                    for volume in layout.volumes where volume.start + volume.byteCount > UInt64(bytes.count) {
                        Issue.record("\(volume) lies beyond the disk")
                    }
                }
            }
        }
    }

    @Test("headers of qcow2 images, and noise")
    func headers() async throws {
        try await withScratch { folder in
            let image = folder / "image"
            try await Tool("qemu-img", package: "qemu-utils").run([
                "create", "-q", "-f", "qcow2", "-u", "-b", "base.raw", "-F", "raw", image.string, "1M",
            ])
            let original = Array(try FileSystem.read(image).prefix(1024))
            var random = SeededGenerator(seed: 0x9c02)
            let places = Array(0..<300)
            for round in 0..<4000 {
                var bytes = round % 10 == 0 ? Planned.noise(300, seed: UInt64(round)) : original
                if round % 20 == 0 { bytes.replaceSubrange(0..<4, with: QCOW2Header.magic) }
                mutate(&bytes, places, &random)
                if let header = try? QCOW2Header(MemoryDisk(bytes)) {
                    #expect(header.backingFile?.utf8.count ?? 0 < 1024)
                }
            }
        }
    }
}
