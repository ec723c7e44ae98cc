import HostSupport
import TestSupport
import Testing

@Suite struct QuotingTests {
    @Test func whateverIsQuotedComesBackFromTheShell() async throws {
        var generator = SeededGenerator(seed: 2)
        var words = [
            "", "'", "''", "'\u{301}; echo broken; '", "-n", "a b", "$HOME", "`id`", "\\", "\n", "~", "#",
            "x=y",
        ]
        words += (0..<400).map { _ in generator.nastyText() }
        let output = try await Tool("sh").output(["-c", #"printf '%s\0' "# + shellLine(words)])
        #expect(output.status == .exited(0), "\(output.standardError)")
        let back = output.standardOutput.utf8.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        #expect(back.count == words.count)
        for (word, got) in zip(words, back) where !word.utf8.elementsEqual(got) {
            Issue.record(
                "\(word.debugDescription) came back as \(String(decoding: got, as: UTF8.self).debugDescription)"
            )
        }
    }

    @Test func aPlainWordStaysAsItIs() {
        #expect(shellLine(["/usr/bin/x", "-a=b,c:d@e%f+g", "_1.0"]) == "/usr/bin/x -a=b,c:d@e%f+g _1.0")
        #expect(shellQuoted("it's") == #"'it'\''s'"#)
        #expect(shellQuoted("é") == "'é'")
    }

    @Test func aCommandCanBeRepeatedByHand() async throws {
        try await withScratch { scratch in
            let folder = scratch / "it's a \"folder\""
            try FileSystem.createDirectory(folder)
            let command = LaunchCommand(
                executable: try Tool("sh").located(),
                arguments: ["-c", #"printf '%s|%s|%s' "$PWD" "$SETTING" "$1""#, "sh", "$(id)"],
                environment: ["SETTING": "a'b c"],
                workingDirectory: folder
            )
            let output = try await Tool("sh").run(["-c", command.shellText])
            let real = try #require(FileSystem.resolved(folder))
            #expect(output == "\(real)|a'b c|$(id)")
        }
    }
}
