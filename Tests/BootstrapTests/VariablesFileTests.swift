import Bootstrap
import HostSupport
import TestSupport
import Testing

@Suite("Files of variables")
struct VariablesFileTests {
    private func read(_ text: String) -> VariablesFile { VariablesFile(text: text, path: "vars") }

    @Test("values are taken as they are, blanks around them aside")
    func values() {
        let file = read("# comment\n\nA=1\nB = two words \n\tC=\nD=a=b\r\n_e1=é 漢 🐼\n")
        #expect(file.variables.map(\.key) == ["A", "B", "C", "D", "_e1"])
        #expect(file.variables.map(\.value) == ["1", "two words", "", "a=b", "é 漢 🐼"])
        #expect(file.variables.map(\.origin.description) == (3...7).map { "vars:\($0)" })
        #expect(file.warnings.isEmpty)
    }

    @Test("the line of the original's file that includes the other one is no error")
    func include() {
        #expect(read("-include Makefile.local.vars\nA=1\n").warnings.isEmpty)
    }

    @Test(
        "what does something else than it seems to is told with its line",
        arguments: [
            ("A=\"x\"", "\"x\"", "quotes"), ("A='x'", "'x'", "quotes"), ("A=$(B)", "$(B)", "refers"),
            ("A=${B}/c", "${B}/c", "refers"), ("A=$$", "$$", "refers"), ("A=b # c", "b", "comment"),
            ("A=b\\", "b\\", "backslash"),
        ]
    )
    func warnings(line: String, value: String, word: String) throws {
        let file = read("Z=1\n\(line)\n")
        #expect(file.variables.last?.value == value)
        let warning = try #require(file.warnings.first)
        #expect(warning.line == 2)
        #expect(warning.description.hasPrefix("vars:2: "))
        #expect(warning.problem.contains(word), "\(warning)")
        #expect(file.warnings.count == 1)
    }

    @Test(
        "other lines have no effect, and say so",
        arguments: ["A", "A:=1", "A?=1", "A+=1", "export A=1", "=1", "1A=1", "A-B=1", "include other", "é=1"]
    )
    func others(line: String) {
        let file = read(line)
        #expect(file.variables.isEmpty)
        #expect(file.warnings.map(\.line) == [1])
    }

    @Test("of two lines for a key the later counts, and is told")
    func duplicates() {
        let file = read("A=1\nB=2\nA=3\n")
        #expect(file.variables.map { "\($0.key)=\($0.value)" } == ["B=2", "A=3"])
        #expect(file.warnings.map(\.line) == [3])
        #expect(file.warnings.first?.problem.contains("vars:1") == true)
    }

    @Test("no text makes it trap, and each line is a variable, a warning, or a comment")
    func mutations() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<2_000 {
            let lines = (0..<Int.random(in: 1...6, using: &generator)).map { _ in generator.nastyText() }
            let text = lines.joined(separator: "\n")
            let file = read(text)
            let count = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(file.variables.count <= count)
            #expect(file.warnings.allSatisfy { (1...count).contains($0.line) })
        }
    }

    @Test("make reads the same values, where there is no warning")
    func make() async throws {
        try await withScratch { folder in
            let shipped = try VariablesFile(try Installation.locate().root / "Makefile.vars")
            #expect(shipped.warnings.isEmpty)
            let text =
                "A=1\nB = two words\nC=\nD=a=b\nE=a, b; c & d | e > f ~ * ? [x] `y` é\nF=(x) {y} %z :w\n"
            let own = read(text)
            #expect(own.warnings.isEmpty)
            for (variables, content) in [
                (
                    shipped.variables,
                    try FileSystem.readText(try Installation.locate().root / "Makefile.vars")
                ),
                (own.variables, text),
            ] {
                try FileSystem.write(content, to: folder / "vars")
                let keys = variables.map(\.key)
                let show = keys.map { "$(info \($0)=$(\($0)))" }.joined(separator: "\n")
                try FileSystem.write("include vars\n\(show)\nall:\n", to: folder / "Makefile")
                let said = try await Tool("make").run(["-s", "-C", folder.string])
                #expect(
                    said.split(separator: "\n").prefix(keys.count).map(String.init)
                        == variables.map { "\($0.key)=\($0.value)" }
                )
            }
        }
    }
}
