import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Fleets

@Suite("A campaign's file")
struct CampaignFileTests {
    private static let least = """
        schema: 1
        name: c
        image: tiny
        workloads:
          - {name: list, command: [ls]}

        """
    private static let full = """
        schema: 1
        name: all
        collection: ../out
        images: [tiny, tiny-i386]
        memory: 64M
        readyTimeout: 5m
        set: {A: b}
        add: [a.txt]
        egress: denied
        workloads:
          - name: list
            command: [ls, -l]
          - name: script
            bundle: ./bundle
            set: {B: c}
          - name: files
            samples: [one, two]
            add: [b.txt]
        repetitions: 3
        seed: 18446744073709551615
        retries: 0
        timeout: 90s
        recordings: 2
        concurrency: 3

        """

    @Test("needs four keys, and has safe defaults for all others")
    func defaults() throws {
        let plan = try CampaignPlan(try CampaignFile.parse(Self.least, source: "c.yaml"), in: "/srv")
        #expect(plan.items.map(\.text) == ["list with tiny, repetition 0"])
        #expect(plan.retries == 1 && plan.recordings == 1 && plan.concurrency == .auto)
        #expect(plan.timeout == nil && plan.guest.egress == nil)
    }

    @Test("is written as it is read")
    func everyKey() throws {
        let file = try CampaignFile.parse(Self.full, source: "c.yaml")
        #expect(file.workloads[2].samples == .files(["one", "two"]))
        #expect(file.workloads[2].workloadBundle == "sample")
        #expect(file.seed == .max && file.concurrency == .fixed(3))
        #expect(try JSONDecoder().decode(CampaignFile.self, from: JSONEncoder().encode(file)) == file)
    }

    /// Files that are wrong, with what is said of them and whether the schema sees it, too.
    static let wrong: [(change: (String, String), words: String, isOfSchema: Bool)] = [
        (("schema: 1", "schema: 2"), "c.yaml:1: field 'schema' is 2: this version reads 1", true),
        (("name: c\n", "name: ../c\n"), "c.yaml:2: field 'name' cannot name a campaign: '../c'", true),
        (("image: tiny\n", ""), "field 'image' must name an image", true),
        (("image: tiny", "images: []"), "c.yaml:3: field 'images' must not be empty", true),
        (("image: tiny", "images: [a, a]"), "field 'images[1]' is no image, or given twice: 'a'", true),
        (("image: tiny", "image: tiny\nimages: [a]"), "c.yaml:4: field 'images' excludes 'image'", true),
        (("image: tiny", "image: tiny\nrepetitions: 0"), "field 'repetitions' must be 1 to", true),
        (("image: tiny", "image: tiny\nretries: -1"), "field 'retries' must be 0 to 100", true),
        (("image: tiny", "image: tiny\nconcurrency: 0"), "field 'concurrency' must be 'auto' or", true),
        (("image: tiny", "image: tiny\nconcurrency: all"), "'all' is neither 'auto' nor a number", true),
        (("image: tiny", "image: tiny\nslots: 3"), "c.yaml:4: unknown key 'slots'", true),
        (("image: tiny", "image: tiny\nseed: -1"), "c.yaml:4", true),
        (("image: tiny", "image: tiny\nset: {A: b}"), "field 'set' is for a bundle", false),
        (("command: [ls]", "command: []"), "field 'workloads[0].command' must not be empty", true),
        (("command: [ls]", "bundle: ''"), "field 'workloads[0].bundle' must name a bundle", true),
        ((", command: [ls]", ""), "c.yaml:5: field 'workloads[0].name' has neither a 'command'", true),
        (("command: [ls]", "command: [ls], bundle: x"), "excludes 'bundle' and 'samples'", true),
        (("command: [ls]", "samples: []"), "field 'workloads[0].samples' must not be empty", true),
        (("command: [ls]", "samples: [a, a]"), "has a file twice", true),
        (("command: [ls]", "bundle: x, set: {SEED: '1'}"), "must leave SEED to the campaign", true),
        (
            ("  - {", "  - {name: list, command: [ls]}\n  - {"),
            "c.yaml:6: field 'workloads[1].name' is given twice: 'list'", false
        ),
    ]

    @Test("names the line and the key of what is wrong", arguments: wrong.indices)
    func findings(_ index: Int) throws {
        let (change, words, _) = Self.wrong[index]
        let text = Self.least.replacing(change.0, with: change.1)
        #expect(text != Self.least)
        let failure = #expect(throws: Failure.self) { try CampaignFile.parse(text, source: "c.yaml") }
        #expect(failure?.code == .configuration)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
    }

    @Test("a bundle of the guest excludes one of a workload")
    func twoBundles() throws {
        let failure = #expect(throws: Failure.self) {
            try CampaignFile.parse(
                Self.least.replacing("command: [ls]", with: "samples: s") + "bootstrap: command\n",
                source: "c.yaml"
            )
        }
        #expect(failure?.message.contains("field 'workloads[0].samples' is the guest's bundle") == true)
    }

    @Test("the published schema takes what the program takes, and refuses what it refuses")
    func schema() async throws {
        let root = try Installation.locate().root
        try await withScratch { folder in
            let examples = FileSystem.list(root / "campaigns").filter { $0.hasSuffix(".yaml") }
            #expect(!examples.isEmpty)
            var good = [Self.least, Self.full]
            for name in examples {
                let text = try FileSystem.readText(root / "campaigns" / name)
                _ = try CampaignFile.parse(text, source: name)
                good.append(text)
            }
            let bad = Self.wrong.filter(\.isOfSchema)
                .map { Self.least.replacing($0.change.0, with: $0.change.1) }
            let wrongly = try await SchemaCheck(schema: root / "docs/campaign.schema.json", folder: folder)
                .accepted(good: good, bad: bad)
            #expect(wrongly.isEmpty, "\(wrongly)")
        }
    }

    @Test("never crashes the reader, whatever is in it")
    func mutations() throws {
        var generator = SystemRandomNumberGenerator()
        let text = Array(Self.full.replacing("samples: [one, two]", with: "samples: s").utf8)
        for _ in 0..<2000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...4) {
                bytes[Int.random(in: bytes.indices)] = UInt8.random(in: 0x20...0x7E, using: &generator)
            }
            do {
                let file = try CampaignFile.parse(String(decoding: bytes, as: UTF8.self), source: "c.yaml")
                _ = try CampaignPlan(file, in: "/nowhere")
            } catch let failure as Failure where failure.code == .configuration {
                #expect(failure.message.hasPrefix("c.yaml"), "\(failure.message)")
            } catch let failure as Failure {
                #expect(failure.code == .notFound, "\(failure)")
            }
        }
    }
}
