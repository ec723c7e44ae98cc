import Foundation
import HostSupport
import RunRecords
import Testing

@testable import GuestImages

@Suite struct StoreTests {
    private func image(_ name: String) -> GuestImage {
        GuestImage(
            schema: GuestImage.currentSchema,
            name: name,
            version: 1,
            recipe: "tiny",
            architecture: .i386,
            created: Date(timeIntervalSince1970: 1_700_000_000.25),
            suite: "bookworm",
            packages: [],
            kernelRelease: "6.1.0",
            kernel: GuestImage.File(name: "vmlinuz", sha256: "01"),
            initrd: GuestImage.File(name: "initrd", sha256: "02"),
            append: "quiet",
            disk: nil,
            memory: .mebibytes(64),
            sshUser: "root",
            agent: .serial,
            readyTimeout: 60,
            digest: "03"
        )
    }

    @discardableResult
    private func put(_ name: String, into store: ImageStore, described: GuestImage? = nil) throws
        -> GuestImage
    {
        let image = described ?? image(name)
        let folder = store.folder / name
        try FileSystem.createDirectory(folder)
        try FileSystem.write("kernel", to: folder / "vmlinuz", mode: 0o444)
        try FileSystem.write("initrd", to: folder / "initrd", mode: 0o444)
        try FileSystem.write(try JSONText.encode(image), to: folder / "image.json", mode: 0o444)
        return image
    }

    @Test func imagesAreListedByNameAndLoaded() async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            #expect(try store.list().isEmpty)
            let second = try put("tiny-i386", into: store)
            let first = try put("alpha", into: store)
            #expect(try store.list() == [first, second])
            #expect(try store.load("tiny-i386") == second)
            #expect(
                store.path(of: try #require(second.kernel), in: second) == home / "images/tiny-i386/vmlinuz"
            )
            #expect(
                store.path(of: try #require(second.initrd), in: second) == home / "images/tiny-i386/initrd"
            )
        }
    }

    @Test func anUnknownImageIsAnsweredWithThoseThereAre() async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            let empty = await failure { _ = try store.load("tiny") }
            #expect(empty?.code == .notFound)
            #expect(empty?.hint?.contains("pandacap image build") == true)
            try put("tiny", into: store)
            let other = await failure { _ = try store.load("huge") }
            #expect(other?.message.contains("there are: tiny") == true)
        }
    }

    @Test(arguments: ["", ".", "..", "../tiny", "a/b", ".tiny.building", "-x", "a b", "\u{E9}", "a\n"])
    func whatCannotNameAnImageIsRefused(_ name: String) async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            #expect(await failure { _ = try store.load(name) }?.code == .usage)
            #expect(await failure { try store.remove(name) }?.code == .usage)
        }
    }

    @Test func aHalfBuiltImageIsNoImage() async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            try put(".tiny.building", into: store)
            try put("tiny", into: store)
            try FileSystem.remove(store.folder / "tiny/image.json")
            #expect(store.names.isEmpty)
            #expect(await failure { _ = try store.load("tiny") }?.code == .notFound)
        }
    }

    @Test(arguments: ["vmlinuz", "initrd"])
    func anImageThatLacksAFileIsDamaged(_ file: String) async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            try put("tiny", into: store)
            try FileSystem.remove(store.folder / "tiny" / file)
            let failure = await failure { _ = try store.load("tiny") }
            #expect(failure?.code == .badData)
            #expect(failure?.message.contains(file) == true)
        }
    }

    @Test func anImageInAnotherImagesFolderIsDamaged() async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            try put("tiny", into: store, described: image("other"))
            #expect(await failure { _ = try store.load("tiny") }?.code == .badData)
        }
    }

    @Test func aFinishedImageReplacesTheFormer() async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            try put("tiny", into: store)
            try FileSystem.createDirectory(store.folder / ".draft")
            try FileSystem.write("new", to: store.folder / ".draft/image.json")
            try store.publish(store.folder / ".draft", as: "tiny")
            #expect(FileSystem.list(store.folder) == ["tiny"])
            #expect(try FileSystem.readText(store.folder / "tiny/image.json") == "new")
        }
    }

    @Test func aRemovedImageIsGoneAndCannotBeRemovedAgain() async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            try put("tiny", into: store)
            try store.remove("tiny")
            #expect(store.names.isEmpty)
            #expect(!FileSystem.exists(store.folder / "tiny"))
            #expect(await failure { try store.remove("tiny") }?.code == .notFound)
        }
    }

    /// An ELF file of 64 bits with nothing in it but the names of its sections.
    private var emptyKernel: Data {
        var file = Data(count: 192)
        file.replaceSubrange(0..<7, with: [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
        file[18] = 62
        file[0x28] = 64
        file[0x3a] = 64
        file[0x3c] = 2
        file[0x3e] = 1
        return file
    }

    @Test func thatAKernelHasNoProfileIsKeptForThatKernel() async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            let image = try put("tiny", into: store)
            let kernel = store.folder(of: image) / "vmlinuz"
            try FileSystem.write(emptyKernel, to: kernel)
            let first = await failure { _ = try await store.profile(of: image) }
            #expect(first?.code == .unavailable)
            #expect(first?.message.contains("no BTF") == true)
            try FileSystem.write("no kernel", to: kernel)
            let second = await failure { _ = try await store.profile(of: image) }
            #expect(
                second?.message == first?.message && second?.hint == first?.hint,
                "it is not looked at again"
            )
            let file = store.profileFile(of: image)
            let text = try FileSystem.readText(file)
            for other in [
                text.replacing(#""01""#, with: #""09""#),
                text.replacing(#""schema" : 2"#, with: #""schema" : 1"#), "{",
            ] {
                try FileSystem.write(other, to: file)
                let third = await failure { _ = try await store.profile(of: image) }
                #expect(third?.code == .badData, "the kernel is looked at again")
                #expect(third?.message.contains(kernel.string) == true)
                #expect(try FileSystem.readText(file) == other, "of a damaged kernel nothing is kept")
            }
        }
    }

    @Test func anImageWhoseDiskBootsItselfHasNoProfile() async throws {
        try await withScratch { home in
            let store = ImageStore(home: home)
            let whole = try JSONText.encode(image("tiny"))
            var object = try #require(try JSONSerialization.jsonObject(with: whole) as? [String: Any])
            object["kernel"] = nil
            let image = try JSONText.decode(
                GuestImage.self,
                from: try JSONSerialization.data(withJSONObject: object),
                source: "x"
            )
            let failure = await failure { _ = try await store.profile(of: image) }
            #expect(failure?.code == .unavailable)
            #expect(failure?.message.contains("on the disk of the image 'tiny'") == true)
        }
    }
}
