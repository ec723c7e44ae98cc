import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Containers

/// What an image answers when its engine is asked what it is; whoever made the image made the answer.
@Suite struct ImageEngineTests {
    private static let image = FoundImage(name: "p", id: "sha256:1", labels: [:])
    private static let digest = String(repeating: "0a", count: 32)
    private static let answer = """
        program /usr/local/bin/panda-system-i386
        sha256 \(digest)  /opt/libpanda-i386.so
        plugin panda_recctrl.so
        plugin panda_coverage.so
        help
        QEMU emulator version 2.9.1 (v2.9.1), Copyright (c) 2003-2017 Fabrice Bellard
        -panda name      load a plugin
        -complete-rr-snapshot
        program /no/such
        """

    private func engine(_ answer: String) throws -> ImageEngine {
        try ImageEngine.parse(answer, Self.image, .i386)
    }

    @Test func itIsRead() throws {
        let engine = try engine(Self.answer)
        #expect(engine.program == "/usr/local/bin/panda-system-i386" && engine.sha256 == Self.digest)
        #expect(engine.version == "QEMU emulator version 2.9.1 (v2.9.1)")
        #expect(engine.plugins == ["coverage", "recctrl"] && engine.hasCompleteSnapshotOption)
        #expect(engine.windowSystem == nil)
    }

    @Test(arguments: [
        ("-panda name", "-nothing"), ("version", "edition"), ("program /usr", "where /usr"), (digest, "0a0a"),
        (digest, String(repeating: "zz", count: 32)),
    ])
    func whatIsNoPandaIsRefused(_ part: String, _ other: String) {
        let failure = #expect(throws: Failure.self) {
            try engine(Self.answer.replacing(part, with: other))
        }
        #expect(failure?.code == .unavailable && failure?.message.contains("'p' is not PANDA") == true)
    }

    @Test func damagedAnswersAreRefusedOrRead() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2000 {
            var bytes = Array(Self.answer.utf8)
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: Array(generator.nastyText().utf8), at: place)
                }
            }
            guard let engine = try? engine(String(decoding: bytes, as: UTF8.self)) else { continue }
            #expect(engine.sha256.utf8.count == 64)
            #expect(engine.version == Console.printable(engine.version))
        }
    }
}
