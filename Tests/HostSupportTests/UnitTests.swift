import Foundation
import HostSupport
import Testing

@Suite struct UnitTests {
    @Test(
        arguments: [
            ("0", 0), ("4096", 4096), ("1K", 1024), ("64M", 64 << 20), ("64m", 64 << 20), ("1.5G", 3 << 29),
            ("2T", 2 << 40), ("1GiB", 1 << 30), ("0.5K", 512),
        ] as [(String, UInt64)]
    )
    func sizesAreRead(_ text: String, _ bytes: UInt64) {
        #expect(ByteSize(text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", " ", "M", "-1", "-1M", "+1M", "1 M", "1MM", "1X", "1.2.3M", ".5M", "0x10", "0x1p4M", "1e3", "nan",
        "inf",
        "9999999T", "99999999999999999999", "1M ", "\u{661}M", "1B",
    ])
    func whatIsNoSizeIsRefused(_ text: String) {
        #expect(ByteSize(text) == nil)
    }

    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1 << 20, "1.0 MiB"), ((1 << 20) - 1, "1.0 MiB"),
            (86_612_378, "82.6 MiB"), (.max, "16.0 EiB"),
        ] as [(UInt64, String)]
    )
    func sizesAreShown(_ bytes: UInt64, _ text: String) {
        #expect(ByteSize(bytes: bytes).description == text)
    }

    @Test func mebibytesAreRoundedUpAndNeverTrap() {
        #expect(ByteSize(bytes: 0).mebibytes == 0)
        #expect(ByteSize(bytes: 1).mebibytes == 1)
        #expect(ByteSize.mebibytes(64).mebibytes == 64)
        #expect(ByteSize(bytes: (64 << 20) + 1).mebibytes == 65)
        #expect(ByteSize(bytes: .max).mebibytes == 1 << 44)
    }

    @Test func sizesInJSONAreNumbersOrTexts() throws {
        func read(_ json: String) throws -> [ByteSize] {
            try JSONText.decode([ByteSize].self, from: Data(json.utf8), source: "sizes.json")
        }
        #expect(try read(#"[4096, "4K"]"#) == [ByteSize(bytes: 4096), ByteSize(bytes: 4096)])
        for junk in [#"["4X"]"#, "[-1]", "[1.5]", "[true]", "[null]"] {
            let failure = #expect(throws: Failure.self) { _ = try read(junk) }
            #expect(failure?.code == .badData)
            #expect(failure?.message.contains("[0]") == true, "\(junk): \(failure?.message ?? "")")
        }
    }

    @Test(arguments: [
        ("90", 90), ("90s", 90), ("1.5m", 90), ("2h", 7200), ("1d", 86400), ("0", 0), ("0.25", 0.25),
    ])
    func durationsAreRead(_ text: String, _ seconds: Double) {
        #expect(Duration(text: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "s", "-1", "-1s", "+1", "1x", "1ms", "1 s", "0x1d", "1e3", "nan", "inf", "1000000000",
        "99999999d", "1h30m",
    ])
    func whatIsNoDurationIsRefused(_ text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(arguments: [
        (0.526, "0.53 s"), (12.44, "12.4 s"), (185, "3 min 05 s"), (3599.7, "1 h 00 min"),
        (7800, "2 h 10 min"),
    ])
    func durationsAreShown(_ seconds: Double, _ text: String) {
        #expect(Duration.seconds(seconds).text == text)
    }
}
