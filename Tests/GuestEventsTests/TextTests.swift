import GuestEvents
import Testing

@Suite("Texts of guests")
struct TextTests {
    @Test(arguments: [
        ("plain", Array("plain".utf8)), (#"\xff\xfe"#, [0xff, 0xfe]), (#"a\\x41"#, Array(#"a\x41"#.utf8)),
        ("ü", [0xc3, 0xbc]), ("", []),
    ])
    func escapesAreUndone(escaped: String, bytes: [UInt8]) throws {
        #expect(try #require(GuestText(escaped: escaped)).bytes == bytes)
    }

    @Test(arguments: [#"\"#, #"\n"#, #"\x"#, #"\x4"#, #"\xg0"#, #"\x+1"#])
    func otherEscapesAreNone(escaped: String) {
        #expect(GuestText(escaped: escaped) == nil)
    }
}
