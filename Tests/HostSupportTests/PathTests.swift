import HostSupport
import TestSupport
import Testing

@Suite struct PathTests {
    @Test(arguments: [
        ("", "."), ("/", "/"), ("//", "/"), ("a//b/", "a/b"), ("///a/./../b//", "/a/./../b"), (".", "."),
        ("./a", "./a"), ("/\u{301}x//y", "/\u{301}x/y"),
    ])
    func slashesAreNormalisedAndDotsKept(_ text: String, _ expected: String) {
        #expect(HostPath(text).string.unicodeScalars.elementsEqual(expected.unicodeScalars))
    }

    @Test(arguments: [
        ("/", "/", "/"), ("/a", "/", "a"), ("a", ".", "a"), ("a/b", "a", "b"), ("/a/b/", "/a", "b"),
        ("/t/\u{301}x", "/t", "\u{301}x"),
    ])
    func parentAndName(_ text: String, _ parent: String, _ name: String) {
        #expect(HostPath(text).parent.string == parent)
        #expect(HostPath(text).name.unicodeScalars.elementsEqual(name.unicodeScalars))
    }

    @Test func joining() {
        #expect(HostPath("/a") / "b/c" == "/a/b/c")
        #expect(HostPath("/a") / "/b" == "/b")
        #expect(HostPath("/a") / "" == "/a")
        #expect(HostPath("/") / "b" == "/b")
        #expect((HostPath("/a") / "../b").string == "/a/../b")
        #expect(!HostPath("a/b").isAbsolute && HostPath("/\u{301}").isAbsolute)
    }

    @Test func parentAndNameMakeUpThePath() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let path = HostPath("/x/" + generator.nastyText())
            #expect(path.parent / path.name == path)
            #expect(HostPath(path.string) == path)
            #expect(!path.string.utf8.elementsEqual("/".utf8) && path.string.utf8.last != UInt8(ascii: "/"))
        }
    }

    @Test func aPathIsAStringInJSON() throws {
        let data = try JSONText.encode(["at": HostPath("/a//b/")])
        #expect(String(decoding: data, as: UTF8.self).contains(#""at" : "/a/b""#))
        #expect(try JSONText.decode([String: HostPath].self, from: data, source: "x") == ["at": "/a/b"])
    }
}
