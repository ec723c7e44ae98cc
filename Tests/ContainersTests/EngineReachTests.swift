import HostSupport
import PandaEngine
import TestSupport
import Testing

@testable import Containers

@Suite struct EngineReachTests {
    @Test func filesAreFoundInWhatTheUserTypes() async throws {
        try await withScratch { folder in
            let strange = folder / "a,b:c;d=e"
            try FileSystem.createDirectory(folder / "out")
            for file in [strange, folder / "one", folder / "two"] { try FileSystem.write("", to: file) }
            let cases: [(String, [HostPath])] = [
                ("osi_linux:kconf_file=\(strange)", [strange]),
                ("x:a=\(folder)/one,b=\(folder)/two", [folder / "one", folder / "two"]),
                ("\(folder)/one", [folder / "one"]), ("a:file=../one", [folder / "out/../one"]),
                ("coverage:filename=c.csv", []),
                ("x:file=/nowhere/at/all", []), ("x:prefix=/", []), ("x:prefix=/..", []), ("tcp::1234", []),
                ("", []),
            ]
            for (word, files) in cases {
                #expect(Set(EngineReach.files(in: [word], from: folder / "out")) == Set(files), "\(word)")
            }
        }
    }

    @Test func anEngineOfThisHostReadsAndWritesWhatItReachesAndNoMore() {
        var reach = EngineReach(writable: ["/runs/r/console.log"], readable: ["/images/vmlinuz"])
        reach.limits.memory = .mebibytes(100)
        let bounds = reach.bounds("/runs/r/rr", isConfined: true)
        #expect(
            bounds.writable == ["/runs/r/rr", "/runs/r/console.log"] && bounds.readable == ["/images/vmlinuz"]
        )
        #expect(bounds.network == EngineBounds.Network() && bounds.limits.memory == .mebibytes(100))
        #expect(!bounds.sharesAbstractSockets)
        reach.display = ":7"
        #expect(reach.bounds("/runs/r/rr", isConfined: true).sharesAbstractSockets)
    }
}
