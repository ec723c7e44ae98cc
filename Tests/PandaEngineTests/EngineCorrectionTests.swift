import Foundation
import HostSupport
import TestSupport
import Testing

@testable import PandaEngine

@Suite struct EngineCorrectionTests {
    private let correction = EngineCorrection(
        file: "a/lib.so",
        offset: 4,
        former: [1, 2],
        corrected: [8, 9]
    )

    private func apply(to bytes: [UInt8]) async throws -> [UInt8] {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "a")
            try FileSystem.write(Data(bytes), to: folder / "a/lib.so")
            try correction.apply(in: folder)
            return Array(try FileSystem.read(folder / "a/lib.so"))
        }
    }

    @Test func bytesThatAreExpectedAreChangedOnce() async throws {
        #expect(try await apply(to: [0, 0, 0, 0, 1, 2, 3]) == [0, 0, 0, 0, 8, 9, 3])
        #expect(try await apply(to: [0, 0, 0, 0, 8, 9, 3]) == [0, 0, 0, 0, 8, 9, 3])
    }

    @Test(arguments: [[], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1, 3, 3], [1, 2, 1, 2, 0, 0]] as [[UInt8]])
    func otherBytesAreLeftAlone(_ bytes: [UInt8]) async throws {
        let failure = await #expect(throws: Failure.self) { _ = try await apply(to: bytes) }
        #expect(failure?.code == .badData)
        #expect(failure?.message.contains("at offset 4") == true)
    }

    @Test func noneMovesWhatIsBehindIt() {
        for correction in EngineCorrection.all {
            #expect(
                correction.former.count == correction.corrected.count
                    && correction.former != correction.corrected
            )
        }
    }
}
