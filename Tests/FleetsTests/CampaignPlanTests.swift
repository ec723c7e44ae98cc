import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Fleets

@Suite("A campaign's plan")
struct CampaignPlanTests {
    private static let text = """
        schema: 1
        name: c
        images: [a, b]
        seed: 5
        workloads:
          - {name: x, command: [ls]}
          - {name: y, command: [ps]}

        """

    private func plan(_ text: String) throws -> CampaignPlan {
        try CampaignPlan(try CampaignFile.parse(text, source: "c.yaml"), in: "/srv")
    }

    @Test("has each workload with each image, all of one repetition before those of the next")
    func order() throws {
        let items = try plan(Self.text + "repetitions: 2\n").items
        #expect(
            items.map { "\($0.number)\($0.workload)\($0.image)\($0.repetition)" } == [
                "0xa0", "1xb0", "2ya0", "3yb0", "4xa1", "5xb1", "6ya1", "7yb1",
            ]
        )
    }

    @Test("gives each item a seed of its own, the same whatever its neighbours are")
    func seeds() throws {
        let items = try plan(Self.text + "repetitions: 500\n").items
        #expect(Set(items.map(\.seed)).count == items.count)
        #expect(try plan(Self.text + "repetitions: 500\n").items == items)
        let alone = try plan(Self.text.replacing("  - {name: x, command: [ls]}\n", with: "")).items
        #expect(alone.map(\.seed) == items[2...3].map(\.seed))
        let other = try plan(Self.text.replacing("seed: 5", with: "seed: 6")).items
        #expect(Set(other.map(\.seed)).isDisjoint(with: items.map(\.seed)))
        // Published: traces that name a seed must be made again with the same one.
        #expect(ItemSeed.derive(from: 0, words: ["tiny", "list", "", "0"]) == 6_956_560_824_188_348_680)
    }

    @Test("words that are cut elsewhere give another seed")
    func wordBorders() {
        #expect(
            ItemSeed.derive(from: 1, words: ["ab", "c"]) != ItemSeed.derive(from: 1, words: ["a", "bc"])
        )
    }

    @Test("has the files of a folder as samples, sorted, without hidden ones and folders")
    func samples() async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "s/sub")
            for name in ["b", "a", ".hidden"] { try FileSystem.write(name, to: folder / "s" / name) }
            let text = Self.text.replacing("command: [ls]", with: "samples: s")
            let plan = try CampaignPlan(try CampaignFile.parse(text, source: "c.yaml"), in: folder)
            #expect(plan.items.prefix(4).map(\.sample?.name) == ["a", "b", "a", "b"])
            let missing = #expect(throws: Failure.self) {
                try CampaignPlan(
                    try CampaignFile.parse(text.replacing("samples: s", with: "samples: [c]"), source: ""),
                    in: folder
                )
            }
            #expect(missing?.code == .notFound)
        }
    }

    @Test("goes on with the same items, with more only when that is said, and never with others")
    func continuation() throws {
        let begun = try plan(Self.text)
        try begun.requireContinuation(of: begun, extends: false)
        try plan(Self.text + "retries: 5\nconcurrency: 2\n").requireContinuation(of: begun, extends: false)
        let longer = try plan(Self.text + "repetitions: 2\n")
        try longer.requireContinuation(of: begun, extends: true)
        #expect(throws: Failure.self) { try longer.requireContinuation(of: begun, extends: false) }
        #expect(throws: Failure.self) { try begun.requireContinuation(of: longer, extends: true) }
        for (change, words) in [
            (("seed: 5", "seed: 6"), "item 0 is another one"),
            (("command: [ls]", "command: [id]"), "the workload 'x' differs"),
            (("seed: 5", "seed: 5\nmemory: 64M"), "'memory' differs"),
            (("seed: 5", "seed: 5\ntimeout: 1m"), "'timeout' differs"),
        ] {
            let other = try plan(Self.text.replacing(change.0, with: change.1))
            #expect(other.differences(from: begun).joined().contains(words))
            #expect(throws: Failure.self) { try other.requireContinuation(of: begun, extends: true) }
        }
        let gone = try plan(Self.text.replacing("  - {name: x, command: [ls]}\n", with: ""))
        #expect(gone.differences(from: begun).contains("the workload 'x' is gone"))
    }

    @Test("estimates what is left by the pace so far")
    func estimate() {
        let left = CampaignProgress.remaining(total: 10, done: 6, made: 2, after: .seconds(30))
        #expect(left == .seconds(60))
        #expect(CampaignProgress.remaining(total: 10, done: 6, made: 0, after: .seconds(30)) == nil)
        #expect(CampaignProgress.remaining(total: 10, done: 10, made: 4, after: .seconds(30)) == .zero)
    }
}
