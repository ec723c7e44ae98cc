import Foundation
import HostSupport
import RunRecords
import Testing

@testable import GuestImages

/// Builds real images, for which packages are fetched: set `PANDACAP_TEST_IMAGES` to a cache folder to have it.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["PANDACAP_TEST_IMAGES"] != nil))
struct ImageBuildTests {
    @Test(arguments: [("tiny", "x86_64"), ("tiny-i386", "i386")])
    func anImageIsBuiltTheSameTwice(_ name: String, _ architecture: String) async throws {
        let cache = try #require(ProcessInfo.processInfo.environment["PANDACAP_TEST_IMAGES"])
        try await withScratch { home in
            let installation = Installation(root: sourceTree)
            try await Tool("make").run(["-C", installation.guestFiles.string])
            let store = ImageStore(home: home)
            let builder = ImageBuilder(
                store: store,
                installation: installation,
                cache: HostPath(cache),
                console: Console(.quiet)
            )
            let recipe = try ImageRecipe.find("tiny", in: installation)
            let first = try await builder.build(recipe, for: try #require(.init(rawValue: architecture)))
            let second = try await builder.build(recipe, for: first.architecture)
            #expect(first.name == name)
            #expect(first.digest == second.digest)
            #expect(try store.list() == [second])
            let initrd = try #require(second.initrd)
            #expect(try await Digest.sha256(store.path(of: initrd, in: second)) == first.initrd?.sha256)
            #expect(FileSystem.list(store.folder).filter { !$0.hasSuffix(".lock") } == [name])
        }
    }
}
