import Foundation
import HostSupport
import RunRecords
import Testing

@Suite("Another program uses the library of the formats")
struct TracesLibraryTests {
    @Test("the example of its documentation compiles, and finds what a recording has")
    func example() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            let made = try await pandacap("record", image, "-o", folder.string, "--", "ls", "-l", "/bin")
            #expect(made.status == .exited(0), "\(made.standardError)")
            let (record, files) = try onlyRun(in: folder)
            let program = try await compile(Self.example(), in: folder)
            let output = try await Tool(program.string).run([files.recordings.string])
            let lines = output.split(separator: "\n").map(String.init)
            let recording = try #require(record.recordings.first)
            #expect(lines.first == "\(recording.name) \(recording.instructions ?? 0) instructions")
            #expect(lines.contains { $0.hasSuffix(" 10.0.2.15 -> 10.0.2.2") })
            let times = lines.dropFirst().compactMap { Double($0.prefix { $0 != " " }) }
            #expect(times.count > 4 && times.contains { $0 > 0.01 })
        }
    }

    /// The first block of Swift in the library's documentation.
    private static func example() throws -> String {
        let page = try Installation.locate().root / "Sources/Traces/Traces.docc/Traces.md"
        let lines = try FileSystem.readText(page).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.drop { $0 != "```swift" }.dropFirst().prefix { $0 != "```" }.joined(separator: "\n")
    }

    /// Compiles a program against the library as it was built for these tests.
    private func compile(_ source: String, in folder: HostPath) async throws -> HostPath {
        let built = Pandacap.program.parent
        let file = folder / "main.swift"
        let program = folder / "example"
        try FileSystem.write(source, to: file)
        let objects = FileSystem.list(built / "Traces.build").filter { $0.hasSuffix(".o") }
            .map { (built / "Traces.build/\($0)").string }
        #expect(objects.count > 40)
        let output = try await Tool("swiftc").output(
            ["-swift-version", "6", "-I", (built / "Modules").string, "-o", program.string, file.string]
                + objects
        )
        #expect(output.status == .exited(0), "\(output.standardError)")
        return program
    }
}
