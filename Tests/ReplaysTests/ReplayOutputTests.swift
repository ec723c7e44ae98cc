import Testing

@testable import Replays

@Suite struct ReplayOutputTests {
    private static let whole = """
        loading snapshot
        ... done.
        opening nondet log for read :\t./session_000-rr-nondet.log
        ./session_000-rr-nondet.log:  11385229 instrs total.
        session_000:    1138522 ( 10.00%) instrs.    0.05 sec.  0.10 GB ram.
        session_000:   11271376 ( 99.00%) instrs.    0.53 sec.  0.10 GB ram.
        session_000:   11385229 (100.00%) instrs.    0.54 sec.  0.10 GB ram.
        Replay completed successfully 1.
        Time taken was: 1 seconds.

        """

    @Test(arguments: [1, 7, 64, 10_000])
    func aWholeReplayIsReadInPiecesOfAnySize(_ size: Int) {
        var output = ReplayOutput()
        var rest = Self.whole[...]
        while !rest.isEmpty {
            output.read(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        #expect(output.percent == 100 && output.isComplete && output.problem == nil)
    }

    @Test func theRestTakesAsLongAsThePaceSays() {
        var output = ReplayOutput()
        output.read("session_000:    1138522 (  1.00%) instrs.    0.05 sec.  0.10 GB ram.\n")
        #expect(output.remaining == nil, "one per cent tells little")
        output.read("session_000:    2846307 ( 25.00%) instrs.    5.00 sec.  0.10 GB ram.\n")
        #expect(output.remaining == .seconds(15))
        output.read("session_000:    2846307 ( 26.00%) instrs.    nan sec.  0.10 GB ram.\n")
        #expect(output.seconds == 5)
        output.read("session_000:   11385229 (100.00%) instrs.    8.00 sec.  0.10 GB ram.\n")
        #expect(output.remaining == nil)
    }

    @Test func aPluginThatDoesNotBeginSaysWhyOnTheLineBefore() {
        var output = ReplayOutput()
        output.read(
            """
            PANDA[core]:initializing textprinter
            Couldn't open tap_points.txt; no tap points defined. Exiting.
            FAIL: Unable to load plugin `/e/panda/plugins//panda_textprinter.so'

            """
        )
        #expect(
            output.problem
                == "the plugin 'textprinter' could not begin: Couldn't open tap_points.txt; no tap points defined. "
                + "Exiting."
        )
    }

    @Test func progressIsTheLastLineThatIsWhole() {
        var output = ReplayOutput()
        output.read(
            "session (1%)_000:    1138522 ( 10.00%) instrs.    0.05 sec.\r\nsession_000:  2277045 ( 20."
        )
        #expect(output.percent == 10)
        output.read("00%) instrs.    0.10 sec.  0.10 GB ram.")
        #expect(output.percent == 10)
        output.read("\n")
        #expect(output.percent == 20)
    }

    @Test(arguments: [
        "x ( nan%) instrs.", "x ( inf%) instrs.", "x () instrs.", "x (50% of it", "x 50%) instrs.", "instrs.",
        "( 50%)",
        "x ( 5 0.00%) instrs.", "",
    ])
    func whatIsNoProgressIsNone(_ line: String) {
        var output = ReplayOutput()
        output.read(line + "\n")
        #expect(output.percent == 0 && !output.isComplete && output.problem == nil)
    }

    @Test func progressStaysBetweenNothingAndAll() {
        var output = ReplayOutput()
        output.read("x: 1 (1e300%) instrs.\n")
        #expect(output.percent == 100)
        output.read("x: 1 (-5%) instrs.\n")
        #expect(output.percent == 0)
    }

    @Test(arguments: [
        "ERROR: replay failed!", "Ahead of log by 5 instructions.", "rr_assertion failed",
        "panda-system: exec.c:123: f: Assertion `x' failed.",
        "qemu: Unknown savevm section or instance 'kvm' 0",
        "Length mismatch: vga.vram: 0x1000000 in != 0x2000000: Invalid argument",
        "libjpeg.so.8 is not installed here: jpeg_start was called", "Failed to load vmstate",
    ])
    func theFirstComplaintIsKept(_ line: String) {
        var output = ReplayOutput()
        output.read("noise\n\(line)\(String(repeating: "x", count: 1000))\nAssertion two\n")
        #expect(output.problem?.hasPrefix(line) == true)
        #expect((output.problem?.count ?? 0) <= 300)
        #expect(!output.isComplete)
    }

    @Test func anEndlessLineIsDroppedAndTheNextIsRead() {
        var output = ReplayOutput()
        for _ in 0..<100 { output.read(String(repeating: "x", count: 1000)) }
        output.read("\nReplay completed successfully 1.\n")
        #expect(output.isComplete)
    }

    @Test func whatAPluginPrintsIsPassedOver() {
        var output = ReplayOutput()
        output.read(String(repeating: "pc 0x1000\n", count: 5000) + "s: 1 ( 30.00%) instrs.\n")
        #expect(output.percent == 30)
        #expect(output.problem == nil)
    }
}
