import Foundation
import HostSupport
import Testing

@testable import TraceStore

@Suite("Files are packed into frames that the zstd command unpacks")
struct PackingTests {
    private func withFolder(_ body: (HostPath) async throws -> Void) async throws {
        let scratch = try ScratchFolder(in: Storage.temporary)
        defer { scratch.remove() }
        try await body(scratch.path)
    }

    /// Packs one file against another, and unpacks it by ourselves and by the command.
    @discardableResult
    private func roundTrip(
        _ data: Data,
        against reference: Data?,
        effort: Effort = .normal,
        in folder: HostPath
    ) async throws -> PackedFile {
        let (file, other) = (folder / "file", folder / "reference")
        try FileSystem.write(data, to: file)
        if let reference { try FileSystem.write(reference, to: other) }
        let prefix = reference.map { _ in other }
        let packed = try await FilePacker(effort: effort).pack(file, against: prefix, to: folder / "file.zst")
        #expect(FileSystem.size(folder / "file.zst") == packed.packed.bytes)
        #expect(try await Digest.sha256(folder / "file.zst") == packed.packed.sha256)
        #expect(try await Digest.sha256(file) == packed.contents.sha256)
        try await FileUnpacker().unpack(
            folder / "file.zst",
            against: prefix,
            to: folder / "ours",
            expecting: packed.contents
        )
        #expect(try FileSystem.read(folder / "ours") == data)
        let patch = reference.map { _ in ["--patch-from=\(other)"] } ?? []
        try await Tool("zstd").run(
            ["-d", "-q", "-f", "--long=31"] + patch + [
                (folder / "file.zst").string, "-o", (folder / "theirs").string,
            ]
        )
        #expect(try FileSystem.read(folder / "theirs") == data)
        #expect(FileSystem.list(folder).allSatisfy { !$0.hasSuffix(".new") })
        return packed
    }

    @Test("a file by itself, an empty one, one of a byte", arguments: Effort.allCases)
    func alone(effort: Effort) async throws {
        try await withFolder { folder in
            for data in [
                Data(), Data([7]), Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }),
            ] {
                try await roundTrip(data, against: nil, effort: effort, in: folder)
            }
        }
    }

    @Test("a snapshot against its sibling takes what differs and little more", arguments: Effort.allCases)
    func sibling(effort: Effort) async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            let first = MadeSnapshot.random(pages: 300, using: &generator)
            var second = first
            // One page is new, one is partly changed, one has moved, one was filled and no longer is.
            second.pages[20] = .stored(MadeSnapshot.randomBytes(4096, using: &generator))
            if case .stored(var page) = second.pages[100] {
                page[50..<54] = [1, 2, 3, 4]
                second.pages[100] = .stored(page)
            }
            second.pages[200] = first.pages[40]
            second.pages[3] = .stored(MadeSnapshot.randomBytes(4096, using: &generator))
            second.devices = Array("other devices".utf8)
            let packed = try await roundTrip(second.bytes, against: first.bytes, effort: effort, in: folder)
            #expect(packed.packed.bytes < 2 * 4096 + 1000, "\(packed)")
            #expect(packed.knownBytes != nil)
        }
    }

    @Test("a distance that comes again is not written again: four bytes of some pages")
    func repeatedDistances() async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            let first = MadeSnapshot.random(pages: 2000, using: &generator)
            var second = first
            var changed = 0
            for (number, page) in first.pages.enumerated() where number.isMultiple(of: 10) {
                guard case .stored(var bytes) = page else { continue }
                bytes.replaceSubrange(2000..<2004, with: MadeSnapshot.randomBytes(4, using: &generator))
                second.pages[number] = .stored(bytes)
                changed += 1
            }
            let packed = try await roundTrip(second.bytes, against: first.bytes, in: folder)
            #expect(packed.packed.bytes < UInt64(changed * 12), "\(packed), \(changed) changes")
        }
    }

    @Test("a snapshot that is the reference itself takes next to nothing")
    func same() async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            let data = MadeSnapshot.random(pages: 200, using: &generator).bytes
            let packed = try await roundTrip(data, against: data, in: folder)
            #expect(packed.packed.bytes < 200)
            #expect(packed.knownBytes == UInt64(data.count))
        }
    }

    @Test("two snapshots with little in common, two files that are none: zstd searches by itself")
    func strangers() async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            let first = MadeSnapshot.random(pages: 60, using: &generator).bytes
            let second = MadeSnapshot.random(pages: 60, using: &generator).bytes
            let packed = try await roundTrip(second, against: first, in: folder)
            #expect(packed.knownBytes == nil)
            let log = Data(MadeSnapshot.randomBytes(50_000, using: &generator))
            let patched = try await roundTrip(log + [1, 2, 3], against: log, in: folder)
            #expect(patched.packed.bytes < 500)
        }
    }

    @Test("any changes of any snapshot come back as they were")
    func anyChange() async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<25 {
                let first = MadeSnapshot.random(
                    pages: Int.random(in: 80...200, using: &generator),
                    using: &generator
                )
                var second = first
                for _ in 0..<Int.random(in: 0...8, using: &generator) {
                    let place = Int.random(in: 0..<second.pages.count, using: &generator)
                    let other = Int.random(in: 0..<second.pages.count, using: &generator)
                    switch (Int.random(in: 0..<4, using: &generator), second.pages[place]) {
                    case (0, _): second.pages[place] = .filled(UInt8.random(in: 0...255, using: &generator))
                    case (1, .stored(var page)):
                        let start = Int.random(in: 0..<4000, using: &generator)
                        let count = Int.random(in: 1...96, using: &generator)
                        page.replaceSubrange(
                            start..<start + count,
                            with: MadeSnapshot.randomBytes(count, using: &generator)
                        )
                        second.pages[place] = .stored(page)
                    case (2, _): second.pages.swapAt(place, other)
                    default: second.pages[place] = second.pages[other]
                    }
                }
                try await roundTrip(second.bytes, against: first.bytes, in: folder)
            }
        }
    }

    @Test("a frame that was changed anywhere is refused, or unpacks to what was packed")
    func mutations() async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            let first = MadeSnapshot.random(pages: 100, using: &generator)
            var second = first
            second.pages[9] = .stored(MadeSnapshot.randomBytes(4096, using: &generator))
            let packed = try await roundTrip(second.bytes, against: first.bytes, in: folder)
            let frame = try FileSystem.read(folder / "file.zst")
            for number in 0..<300 {
                var changed = frame
                if number % 3 == 0 {
                    changed = changed.prefix(Int.random(in: 0..<changed.count, using: &generator))
                } else {
                    let place = Int.random(in: 0..<changed.count, using: &generator)
                    changed[place] ^= UInt8.random(in: 1...255, using: &generator)
                }
                try FileSystem.write(changed, to: folder / "changed.zst")
                do {
                    try await FileUnpacker().unpack(
                        folder / "changed.zst",
                        against: folder / "reference",
                        to: folder / "out",
                        expecting: packed.contents
                    )
                    #expect(try FileSystem.read(folder / "out") == second.bytes)
                } catch let error as StoreError {
                    #expect([.damagedFrame, .wrongContents].contains(error.code), "\(error)")
                }
            }
            #expect(FileSystem.list(folder).allSatisfy { !$0.hasSuffix(".new") })
        }
    }

    @Test("a claim of another size, another reference, no file: refused, and nothing is left")
    func refusals() async throws {
        try await withFolder { folder in
            var generator = SystemRandomNumberGenerator()
            let first = MadeSnapshot.random(pages: 100, using: &generator)
            var second = first
            second.pages[9] = .filled(1)
            let packed = try await roundTrip(second.bytes, against: first.bytes, in: folder)
            try FileSystem.write(
                MadeSnapshot.random(pages: 100, using: &generator).bytes,
                to: folder / "other"
            )
            let claims: [(HostPath?, PackedFile.Facts)] = [
                (
                    folder / "reference",
                    .init(bytes: packed.contents.bytes + 1, sha256: packed.contents.sha256)
                ),
                (folder / "reference", .init(bytes: .max, sha256: packed.contents.sha256)),
                (folder / "reference", .init(bytes: packed.contents.bytes, sha256: "00")),
                (folder / "other", packed.contents), (nil, packed.contents),
                (folder / "none", packed.contents),
            ]
            for (reference, facts) in claims {
                await #expect(throws: StoreError.self) {
                    try await FileUnpacker().unpack(
                        folder / "file.zst",
                        against: reference,
                        to: folder / "out",
                        expecting: facts
                    )
                }
            }
            #expect(!FileSystem.exists(folder / "out"))
            await #expect(throws: StoreError.self) {
                try await FilePacker().pack(folder / "none", to: folder / "x.zst")
            }
            await #expect(throws: StoreError.self) {
                try await FilePacker().pack(folder, to: folder / "x.zst")
            }
            #expect(!FileSystem.exists(folder / "x.zst"))
        }
    }
}
