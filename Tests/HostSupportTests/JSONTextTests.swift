import Foundation
import HostSupport
import Testing

@Suite struct JSONTextTests {
    private struct Entry: Codable, Equatable {
        var when: Date
        var path = "a/b"
        var counts = [1, 2]
    }

    @Test func keysAreSortedAndTheTextEndsWithALineFeed() throws {
        let entry = Entry(when: Date(timeIntervalSince1970: 1_700_000_000.25))
        let text = String(decoding: try JSONText.encode(entry), as: UTF8.self)
        #expect(text.contains(#""when" : "2023-11-14T22:13:20.250Z""#))
        #expect(text.contains(#""path" : "a/b""#), "slashes are not escaped")
        #expect(text.hasSuffix("}\n"))
        let places = ["counts", "path", "when"].compactMap { text.range(of: "\"\($0)\"")?.lowerBound }
        #expect(places == places.sorted() && places.count == 3)
    }

    /// A record is read and written again by each replay; its times must not creep.
    @Test func timesKeepTheirMillisecondsHoweverOftenTheyAreWritten() throws {
        for milliseconds in 0..<1000 {
            let date = Date(timeIntervalSince1970: 1_700_000_000 + Double(milliseconds) / 1000)
            let first = try JSONText.encode(Entry(when: date))
            let suffix = String(1000 + milliseconds).dropFirst()
            #expect(String(decoding: first, as: UTF8.self).contains("22:13:20.\(suffix)Z"))
            let back = try JSONText.decode(Entry.self, from: first, source: "entry")
            #expect(abs(back.when.timeIntervalSince(date)) < 0.001)
            #expect(try JSONText.encode(back) == first)
        }
    }

    @Test(arguments: [
        (#"{"when": "2023-11-14T22:13:20.250Z", "path": "x"}"#, "the key 'counts' is missing at the top"),
        (#"{"when": "yesterday", "path": "x", "counts": []}"#, "'yesterday' is not an ISO 8601 time at when"),
        (#"{"when": "2023-11-14T22:13:20.250Z", "path": "x", "counts": [1, "2"]}"#, "counts[1]"),
        (#"{"when": "#, "at the top"), ("", "at the top"), ("[]", "at the top"),
    ])
    func anErrorNamesTheSourceAndTheKey(_ json: String, _ words: String) throws {
        let failure = #expect(throws: Failure.self) {
            try JSONText.decode(Entry.self, from: Data(json.utf8), source: "/x/run.json")
        }
        #expect(failure?.code == .badData)
        #expect(failure?.message.hasPrefix("/x/run.json: ") == true)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
    }
}
