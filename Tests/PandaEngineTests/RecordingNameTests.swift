import HostSupport
import TestSupport
import Testing

/// The launcher's reduction of what a guest calls a recording, compiled from its header.
@Suite struct RecordingNameTests {
    /// Gives `body` a program that prints the name made of each of its arguments, or a line without one.
    private func withHarness(_ body: (_ harness: Tool, _ folder: HostPath) async throws -> Void) async throws
    {
        try await withScratch { folder in
            let sources = HostPath(#filePath).parent.parent.parent / "launcher"
            let program = folder / "harness"
            try await Tool("gcc").run(
                ["-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-I", sources.string]
                    + ["-x", "c", "-o", program.string, "-"],
                input: """
                    #include "recording-name.h"
                    int main(int count, char **arguments)
                    {
                        for (int i = 1; i < count; i++) {
                            char safe[recording_name_size];
                            puts(recording_name(safe, arguments[i]) ? safe : "");
                        }
                    }
                    """
            )
            try FileSystem.createDirectory(folder / "rr")
            try await body(Tool(program.string), folder / "rr")
        }
    }

    private func names(_ given: [String], _ harness: Tool, in folder: HostPath) async throws -> [String] {
        try await harness.run(given, workingDirectory: folder)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    @Test func namesAreReduced() async throws {
        let long = String(repeating: "x", count: 200) + "_017"
        let cases = [
            ("session_000", "session_000"), ("../../x", "_._.._x"), ("", "_"), (".", "_"), ("..", "_."),
            ("-rf", "_rf"), ("/etc/passwd", "_etc_passwd"), ("a b\n\u{1B}[c", "a_b___c"), ("é", "__"),
            ("%s%n", "_s_n"),
            (String(repeating: "y", count: 96), String(repeating: "y", count: 96)),
            (long, String(repeating: "x", count: 92) + "_017"),
            (String(repeating: ".", count: 300), "_" + String(repeating: ".", count: 95)),
        ]
        try await withHarness { harness, folder in
            let names = try await names(cases.map(\.0), harness, in: folder)
            #expect(names == cases.map(\.1))
        }
    }

    @Test func aNameThatIsTakenGetsALetterUntilThereIsNone() async throws {
        try await withHarness { harness, folder in
            let long = String(repeating: "x", count: 96)
            for (given, other) in [("s_000", "-rr-snp"), (long, "-rr-nondet.log")] {
                var taken: [String] = []
                while let name = try await names([given], harness, in: folder).first, !name.isEmpty,
                    taken.count < 30
                {
                    taken.append(name)
                    try FileSystem.write("", to: folder / (name + other))
                }
                let letters = "bcdefghijklmnopqrstuvwxyz"
                #expect(taken == [given] + letters.map { "\(given)-\($0)" })
            }
        }
    }

    @Test func whateverIsGivenTheNameIsFitForAFile() async throws {
        var generator = SeededGenerator(seed: 5)
        let given = (0..<1500).map { _ in
            (0..<Int.random(in: 0...4, using: &generator)).map { _ in generator.nastyText() }.joined()
        }
        try await withHarness { harness, folder in
            let names = try await names(given, harness, in: folder)
            #expect(names.count == given.count)
            for (name, text) in zip(names, given) {
                #expect(
                    name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]{0,99}/) != nil,
                    "\(text.debugDescription) became \(name.debugDescription)"
                )
            }
        }
    }
}
