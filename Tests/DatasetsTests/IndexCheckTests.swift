import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Datasets

@Suite("An index that anybody wrote") struct IndexCheckTests {
    private static let changes: [@Sendable (inout DatasetIndex) -> Void] = [
        { $0.name = "../x" }, { $0.volume = .init(number: 3, count: 2) },
        { $0.volume = .init(number: 0, count: 0) }, { $0.volume = .init(number: 1, count: .max) },
        { $0.traces[0].seconds = 1e308 }, { $0.traces[0].seconds = -1 },
        { $0.traces[0].snapshot.bytes = .max }, { $0.traces[0].snapshot.path = "rr/e\u{301}" },
        { $0.traces[0].snapshot.path = "rr/../../etc/passwd" }, { $0.traces[0].snapshot.path = "/rr/x" },
        { $0.traces[0].snapshot.path = "rr//x" }, { $0.traces[0].snapshot.path = "rr/a\u{1B}[2J" },
        { $0.traces[0].snapshot.path = "pcap/x" }, { $0.traces[0].snapshot.sha256 = "abc" },
        { $0.traces[0].snapshot.restored = nil }, { $0.traces[0].snapshot.restored?.name = "../../x" },
        { $0.traces[0].snapshot.restored?.bytes = .max },
        { $0.traces[0].snapshot.restored?.reference = "rr/none" },
        { index in
            let path = index.traces[0].snapshot.path
            index.traces[0].snapshot.restored?.reference = path
        },
        { $0.traces[0].run = "../../elsewhere" }, { $0.traces[0].run = "" },
        { $0.traces[0].recording = "a/b" }, { $0.traces[0].recording = ".." },
        { $0.traces[0].name = ".hidden" },
        { $0.traces[0].record.path = "metadata/other.json" }, { $0.traces[0].log = nil },
        { $0.format = .rr2 },
        { index in
            let first = index.traces[0]
            index.traces.append(first)
        }, { $0.disks[0].restored?.name = "../../.bashrc" },
        { $0.disks[0].restored?.name = "/etc/passwd" }, { $0.disks[0].restored?.name = "runs/x/run.json" },
        { $0.disks = [] }, { $0.traces[0].packets = SampleIndex.file("rr/x.pcap", 1, nil) },
        { $0.traces[0].packets = SampleIndex.file("pcap/x.pcap", 1, "net.pcap") },
    ]

    private func sample() -> DatasetIndex {
        var random = SeededGenerator(seed: 3)
        return SampleIndex.make(traces: 6, random: &random)
    }

    @Test("has nothing wrong where it keeps the rules")
    func right() { #expect(IndexCheck.problems(sample()).isEmpty) }

    @Test(
        "is not believed where it breaks one",
        arguments: Self.changes.indices
    )
    func wrong(number: Int) {
        var index = sample()
        Self.changes[number](&index)
        #expect(!IndexCheck.problems(index).isEmpty)
    }

    @Test("damaged at random, is refused or leads nowhere but into its folder", arguments: 0..<40)
    func damage(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let original = Array(try JSONText.encode(sample()))
        for _ in 0..<25 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes[place] = Array("./\"{}[]0".utf8).randomElement(using: &random) ?? 0
                case 2: bytes.insert(contentsOf: Array("../".utf8), at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 7))
                }
            }
            guard let index = try? JSONText.decode(DatasetIndex.self, from: Data(bytes), source: "x"),
                IndexCheck.problems(index).isEmpty
            else { continue }
            for file in index.packedFiles {
                let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
                #expect(!parts.contains { $0.isEmpty || $0.hasPrefix(".") })
            }
            #expect(
                !index.traces.contains {
                    $0.run.contains("/") || $0.run.hasPrefix(".") || $0.recording.contains("/")
                }
            )
            #expect(index.disks.allSatisfy { $0.restored?.name.hasPrefix("disks/") ?? false })
        }
    }
}
