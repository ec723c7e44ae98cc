import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Datasets

@Suite("What stands across the border of two pages of a snapshot is found")
struct PageSeamsTests {
    private static let pages = 16

    /// A snapshot with pages, each behind its address, and what each begins and ends with.
    private func snapshot(_ contents: [Int: (first: String, last: String)]) -> Data {
        func big(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.bigEndian) { Array($0) }
        }
        var bytes = [UInt8](
            HandMadeRecording.snapshot(memory: ByteSize(bytes: UInt64(Self.pages) << 12)).dropLast(6)
        )
        bytes += [0x03] + big(UInt32(2))
        for number in 0..<Self.pages {
            bytes += big(UInt64(number) << 12 | (number == 0 ? 0x08 : 0x28))
            if number == 0 { bytes += [6] + Array("pc.ram".utf8) }
            var page = [UInt8](repeating: UInt8(ascii: "|"), count: 4096)
            if let (first, last) = contents[number] {
                page.replaceSubrange(0..<first.utf8.count, with: first.utf8)
                page.replaceSubrange((4096 - last.utf8.count)..., with: last.utf8)
            }
            bytes += page
        }
        bytes += big(UInt64(0x10)) + [0x7E] + big(UInt32(2))
        bytes += [0x04] + big(UInt32(3)) + [5] + Array("timer".utf8) + big(UInt32(0)) + big(UInt32(2))
        return Data(bytes + [UInt8](repeating: 0, count: 64) + [0x7E] + big(UInt32(3)) + [0x00])
    }

    private func findings(_ contents: [Int: (first: String, last: String)]) async throws -> [PrivacyFinding] {
        try await withScratch { folder in
            try FileSystem.write(snapshot(contents), to: folder / "a-rr-snp")
            var identity = HostIdentity()
            identity.userNames = ["lovelace"]
            let scan = PrivacyScan(try PrivacySettings(identity: identity, canaries: ["Zugspitze-2962"]))
            return try await scan.scan([ScannedFile(folder / "a-rr-snp", role: .snapshot)], scratch: folder)
                .findings
        }
    }

    @Test("of neighbours, wherever it is cut", arguments: 1..<14)
    func neighbours(cut: Int) async throws {
        let canary = "Zugspitze-2962"
        let found = try await findings([
            4: ("", String(canary.prefix(cut))), 5: (String(canary.dropFirst(cut)), ""),
        ])
        #expect(found.map(\.place) == [.memory], "\(found)")
        #expect(found.first?.offsets == [UInt64(5 * 4096 - cut)] && found.first?.count == 1)
    }

    @Test("of pages that are far from each other, where both parts mean something")
    func scattered() async throws {
        let found = try await findings([11: ("", "Zugsp"), 3: ("itze-2962", "")])
        #expect(found.map(\.offsets) == [[UInt64(12 * 4096 - 5)]])
        #expect(found.map(\.kind) == [.canary])
        #expect(
            try await findings([11: ("", "Zug"), 3: ("spitze-2962", "")]).isEmpty,
            "three letters are anywhere"
        )
        #expect(try await findings([11: ("", "Zugsp"), 3: ("itze-2963", "")]).isEmpty)
    }

    @Test("what is whole in one page is told once, and a word must be one across the border, too")
    func once() async throws {
        #expect(try await findings([2: ("Zugspitze-2962", "Zugspitze-2962")]).map(\.count) == [2])
        #expect(try await findings([2: ("", "love"), 3: ("lace|", "")]).count == 1)
        #expect(try await findings([2: ("", "lovel"), 3: ("acexyz", "")]).isEmpty)
    }
}
