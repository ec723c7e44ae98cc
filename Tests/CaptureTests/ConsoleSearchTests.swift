import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Capture

@Suite("Words on a guest's console")
struct ConsoleSearchTests {
    @Test("are found as they are printed, even in pieces, one place after the other")
    func pieces() async throws {
        try await withScratch { folder in
            let console = folder / "console.log"
            var search = ConsoleSearch(console: console)
            var found: [Bool] = []
            func look() { found.append(search.reaches("login:")) }
            look()
            func print(_ text: String) throws {
                let before = (try? FileSystem.read(console)) ?? Data()
                try FileSystem.write(before + Data(text.utf8), to: console)
            }
            try print("boot lo")
            look()
            try print("gin: x login: y bye")
            look()
            look()
            look()
            try print(" login:")
            look()
            #expect(found == [false, false, true, true, false, true])
        }
    }
}
