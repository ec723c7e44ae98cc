import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A booted guest is saved, and runs start from it", .serialized)
struct WarmTests {
    /// What a guest says of itself: random numbers, its name, its time, what identifies its installation.
    private static let question =
        "head -c 16 /dev/urandom | od -An -tx1; hostname; date +%s; cat /etc/dropbear/*ed25519* | sha256sum"

    private struct Answer {
        let random: Substring
        let hostName: Substring
        let time: Double
        let hostKey: Substring
        let record: RunRecord

        init(_ run: RunFolder) throws {
            record = try RunRecord.read(from: run)
            let lines = try FileSystem.readText(run.standardOutput).split(separator: "\n")
            try #require(lines.count == 4)
            (random, hostName, hostKey) = (lines[0], lines[1], lines[3])
            time = try #require(Double(lines[2]))
        }
    }

    /// An image of this test's own: the others boot theirs.
    private func withImage(_ body: (Pandacap, String, HostPath) async throws -> Void) async throws {
        try await withLab { pandacap, folder in
            try await withCopy(of: "tiny-i386", in: pandacap) { name in try await body(pandacap, name, folder)
            }
        }
    }

    private func record(
        _ pandacap: Pandacap,
        _ image: String,
        _ folder: HostPath,
        _ id: String,
        _ options: [String] = []
    ) async throws -> ToolOutput {
        try await Tool(Pandacap.program.string).output(
            ["record", image, "-o", folder.string, "--run-id", id] + options + [
                "--", "sh", "-c", Self.question,
            ],
            environment: ["PANDACAP_HOME": pandacap.home.string]
        )
    }

    @Test(
        "with the right time, and random numbers, keys and a name of their own; eight at once, and all replay"
    )
    func siblings() async throws {
        try await withImage { pandacap, image, folder in
            let warm = try await pandacap("image", "warm", image)
            #expect(warm.status == .exited(0), "\(warm.standardError)")
            // Its clock stands still meanwhile.
            try await Task.sleep(for: .seconds(8))
            let ids = (1...8).map { "sibling-\($0)" }
            try await withThrowingTaskGroup(of: ToolOutput.self) { group in
                for id in ids {
                    group.addTask { try await record(pandacap, image, folder, id, ["--hostname", id]) }
                }
                for try await output in group {
                    #expect(output.status == .exited(0), "\(output.standardError)")
                }
            }
            let answers = try ids.map { try Answer(RunFolder(folder / "runs/\($0)")) }
            #expect(answers.allSatisfy { $0.record.state == .verified && $0.record.start.warmState != nil })
            #expect(Set(answers.map(\.random)).count == 8)
            #expect(Set(answers.map(\.hostKey)).count == 8)
            #expect(answers.map { String($0.hostName) } == ids)
            for answer in answers {
                let command = try #require(answer.record.commands.first)
                let start = try #require(command.started).timeIntervalSince1970
                let end = try #require(command.ended).timeIntervalSince1970
                #expect((start - 4...end + 1).contains(answer.time))
            }
        }
    }

    @Test("unless they are to boot, or have another machine than was saved")
    func machines() async throws {
        try await withImage { pandacap, image, folder in
            _ = try await pandacap("image", "warm", image)
            let other = try await record(pandacap, image, folder, "other", ["--memory", "96M"])
            #expect(other.status == .exited(69))
            #expect(
                other.standardError.contains(
                    "it was saved with 64.0 MiB of memory, and the run has 96.0 MiB"
                )
            )
            #expect(other.standardError.contains("--cold"))
            let device = try await record(pandacap, image, folder, "device", ["--engine-arg", "-usb"])
            #expect(device.standardError.contains("it was saved with the devices '', and the run has '-usb'"))
            #expect(!FileSystem.exists(folder / "runs"), "nothing was started")
            let cold = try await record(pandacap, image, folder, "cold", ["--memory", "96M", "--cold"])
            #expect(cold.status == .exited(0), "\(cold.standardError)")
            #expect(try Answer(RunFolder(folder / "runs/cold")).record.start.warmState == nil)
        }
    }

    @Test("but not from one whose saving was cut off, or whose files are not what they were")
    func damage() async throws {
        try await withImage { pandacap, image, folder in
            let states = pandacap.home / "images/\(image)/warm"
            _ = try await pandacap.beside(["image", "warm", image], in: folder) { child in
                _ = try await poll(for: .seconds(120)) {
                    FileSystem.list(states).contains { $0.hasSuffix(".boot") } ? true : nil
                }
                child.signal(SIGKILL)
                _ = try await child.exit(within: .seconds(10))
            }
            let none = try await record(pandacap, image, folder, "none", ["--dry-run", "--json"])
            #expect(!none.standardOutput.contains("-incoming"))
            let warm = try await pandacap("image", "warm", image)
            #expect(warm.status == .exited(0), "\(warm.standardError)")
            let names = FileSystem.list(states)
            #expect(names.count == 2, "what was left of the first is gone: \(names)")
            let state = states / (try #require(names.first { $0.hasSuffix(".state") }))
            try FileSystem.setMode(state, 0o644)
            try FileSystem.write("short", to: state)
            let damaged = try await record(pandacap, image, folder, "damaged")
            #expect(damaged.status == .exited(65))
            #expect(damaged.standardError.contains("is damaged"))
            let list = try await pandacap("image", "list")
            #expect(list.status == .exited(0) && list.standardOutput.contains("damaged"))
            let again = try await pandacap("image", "warm", image, "--replace")
            #expect(again.status == .exited(0), "\(again.standardError)")
            #expect(FileSystem.list(states).count == 2)
        }
    }

    @Test("and Ctrl-C while it boots leaves nothing")
    func interrupt() async throws {
        try await withImage { pandacap, image, folder in
            let states = pandacap.home / "images/\(image)/warm"
            let (_, status) = try await pandacap.beside(["image", "warm", image], in: folder) { child in
                _ = try await poll(for: .seconds(120)) {
                    FileSystem.list(states).contains { $0.hasSuffix(".boot") } ? true : nil
                }
                child.signal(SIGINT)
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(130), "\(words(of: folder))")
            #expect(FileSystem.list(states).isEmpty)
        }
    }
}

/// Gives `body` the name of a copy of an image, which is gone afterwards.
func withCopy(of image: String, in pandacap: Pandacap, _ body: (String) async throws -> Void) async throws {
    let name = "copy-\(UUID().uuidString.prefix(8))"
    try await copyImage(image, as: name, in: pandacap)
    defer { try? FileSystem.remove(pandacap.home / "images" / name) }
    try await body(name)
}

/// Copies an image under another name, into the same home or another.
func copyImage(
    _ image: String,
    as name: String,
    in pandacap: Pandacap,
    to home: HostPath? = nil
) async throws {
    let folder = (home ?? pandacap.home) / "images" / name
    try FileSystem.remove(folder)
    try await Tool("cp").run(["-r", (pandacap.home / "images" / image).string, folder.string])
    let description = folder / "image.json"
    try FileSystem.write(
        try FileSystem.readText(description).replacing(
            "\"name\" : \"\(image)\"",
            with: "\"name\" : \"\(name)\""
        ),
        to: description
    )
}

/// A tiny guest that is resumed instead of booted, saved once for all tests that want no boot.
actor ResumedGuest {
    static let shared = ResumedGuest()

    private var preparation: Task<String, any Error>?

    /// The image's name.
    func name() async throws -> String {
        let task =
            preparation
            ?? Task {
                let pandacap = try await Lab.shared.ready()
                let name = "resumed-i386"
                try await copyImage("tiny-i386", as: name, in: pandacap)
                let warm = try await pandacap("image", "warm", name)
                guard warm.status == .exited(0) else { throw Failure(.unavailable, warm.standardError) }
                return name
            }
        preparation = task
        return try await task.value
    }
}
