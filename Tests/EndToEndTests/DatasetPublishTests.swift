import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@Suite("A dataset is put into a deposit of a stand-in for Zenodo")
struct DatasetPublishTests {
    private struct Published: Decodable {
        struct Result: Decodable {
            struct File: Decodable {
                let name: String
                let md5: String
                let wasThere: Bool
            }

            let deposit: Int
            let files: [File]
            let isPublished: Bool
            let doi: String?
        }

        let result: Result
    }

    /// Runs the program against a stand-in, with a dataset of one volume or of several.
    private struct Attempt {
        let standIn: DepositStandIn
        let folder: HostPath
        let dataset: HostPath
        var token: String? = "good-token"

        func callAsFunction(_ further: String...) async throws -> ToolOutput {
            try await Tool(Pandacap.program.string).output(arguments(further), environment: environment)
        }

        func arguments(_ further: [String]) -> [String] {
            [
                "dataset", "publish", dataset.string, "--base-url", standIn.address, "--retry-delay", "0.01",
                "--json",
            ]
                + further
        }

        var environment: [String: String] { ["ZENODO_TOKEN": token ?? ""] }

        func result(_ further: String...) async throws -> Published.Result {
            let output = try await Tool(Pandacap.program.string).output(
                arguments(further),
                environment: environment
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            return try JSONText.decode(
                Published.self,
                from: Data(output.standardOutput.utf8),
                source: "publish"
            ).result
        }

        var uploads: Int {
            get throws { try standIn.requests().filter { $0.hasPrefix("PUT /api/files/") }.count }
        }
    }

    private func withStandIn(
        volumes: Int = 1,
        bytes: Int = 3_000_000,
        title: String? = "Sessions",
        _ body: (Attempt) async throws -> Void
    ) async throws {
        try await withScratch { folder in
            let dataset = folder / "honeypot"
            for number in 1...volumes {
                let volume = volumes == 1 ? dataset : dataset / "honeypot-\(number)-of-\(volumes)"
                try FileSystem.createDirectory(volume / "data")
                try FileSystem.write("BagIt-Version: 1.0\n", to: volume / "bagit.txt")
                var metadata: [String: Any] = [
                    "description": "d", "creators": [["name": "L, A"]], "upload_type": "dataset",
                ]
                metadata["title"] = title
                try FileSystem.write(
                    try JSONSerialization.data(withJSONObject: metadata),
                    to: volume / ".zenodo.json"
                )
                try FileSystem.write(Data(repeating: UInt8(number), count: bytes), to: volume / "data/traces")
            }
            try await DepositStandIn.run(in: folder / "stand-in") { standIn in
                try await body(Attempt(standIn: standIn, folder: folder, dataset: dataset))
            }
        }
    }

    @Test("a draft first; published only when that is asked for, with nothing uploaded twice")
    func whole() async throws {
        try await withStandIn(volumes: 2) { publish in
            let draft = try await publish.result()
            #expect(!draft.isPublished && draft.doi == nil)
            #expect(draft.files.map(\.name) == ["honeypot-1-of-2.tar", "honeypot-2-of-2.tar"])
            #expect(draft.files.allSatisfy { !$0.wasThere })
            #expect(try publish.standIn.requests().allSatisfy { !$0.contains("publish") })
            let tar = publish.dataset / "honeypot-1-of-2.tar"
            let md5 = try await Tool("md5sum").run([tar.string]).prefix(32)
            #expect(draft.files.first?.md5 == String(md5))
            let members = try await Tool("tar").run(["--list", "--verbose", "--file", tar.string])
            #expect(members.contains("honeypot-1-of-2/data/traces") && members.contains("0/0"))

            let published = try await publish.result("--publish")
            #expect(published.isPublished && published.doi == "10.5072/stand-in.1000")
            #expect(published.deposit == draft.deposit && published.files.allSatisfy(\.wasThere))
            #expect(try publish.uploads == 2)
            let again = try await publish("--publish")
            #expect(again.status == .exited(73) && again.standardError.contains("published already"))
            let state = try FileSystem.readText(publish.folder / "honeypot-deposit.json")
            #expect(state.contains("10.5072/stand-in.1000") && !state.contains("good-token"))
        }
    }

    @Test(
        "what may go better is tried again",
        arguments: [
            ["POST depositions 503", "GET depositions 500", "PUT files 500", "PUT depositions 502"],
            ["PUT files 429:0.3"], ["PUT files hang-up", "PUT files hang-up"], ["PUT files damage"],
            ["PUT depositions 429"],
        ]
    )
    func retries(failures: [String]) async throws {
        try await withStandIn { publish in
            try FileSystem.write(failures.map { $0 + "\n" }.joined(), to: publish.standIn.folder / "failures")
            let start = ContinuousClock.now
            let draft = try await publish.result()
            #expect(draft.files.count == 1)
            if failures[0].contains(":0.3") { #expect(ContinuousClock.now - start >= .milliseconds(300)) }
            #expect(
                try FileSystem.readText(publish.standIn.folder / "failures").isEmpty,
                "each of them happened"
            )
            let after = try await publish.result("--publish")
            #expect(after.isPublished && after.files.map(\.md5) == draft.files.map(\.md5))
        }
    }

    @Test("an answer to the publishing that is lost does not publish twice, and is no failure")
    func lost() async throws {
        try await withStandIn { publish in
            try publish.standIn.fail("POST publish lose")
            let result = try await publish.result("--publish")
            #expect(result.isPublished && result.doi != nil)
        }
    }

    @Test("what never goes better ends with words that help, and the next command goes on")
    func givenUp() async throws {
        try await withStandIn { publish in
            try publish.standIn.fail("PUT files 500", "PUT files 500", "PUT files 500")
            let output = try await publish("--attempts", "3")
            #expect(output.status == .exited(75))
            #expect(
                output.standardError.contains("failed 3 times") && output.standardError.contains("goes on")
            )
            try publish.standIn.fail("PUT files damage", "PUT files damage")
            let damaged = try await publish("--attempts", "2")
            #expect(
                damaged.status == .exited(74) && damaged.standardError.contains("arrived damaged 2 times")
            )
            let result = try await publish.result()
            #expect(result.deposit == 1000, "the same draft")
            #expect(result.files.map(\.wasThere) == [false], "what is there is damaged")
        }
    }

    @Test(
        "a token that is not good is named as the reason, and is shown nowhere",
        arguments: [
            ("expired-token", "has expired"), ("weak-token", "does not allow"), ("unknown", "not valid"),
        ]
    )
    func tokens(token: String, words: String) async throws {
        try await withStandIn { publish in
            var publish = publish
            publish.token = token
            let output = try await publish("--verbose")
            #expect(output.status == .exited(77) && output.standardError.contains(words))
            #expect(output.standardError.contains("deposit:write"))
            #expect(!output.standardError.contains(token) && !output.standardOutput.contains(token))
            #expect(try publish.standIn.requests().count == 1, "it is not tried again")
        }
    }

    @Test("without a token, without TLS, or with nonsense, nothing is asked of anybody")
    func usage() async throws {
        try await withStandIn { publish in
            var without = publish
            without.token = nil
            let output = try await without()
            #expect(output.status == .exited(78) && output.standardError.contains("ZENODO_TOKEN is not set"))
            let dry = try await without("--dry-run")
            #expect(dry.status == .exited(0) && dry.standardOutput.contains("honeypot.tar"))
            for address in [
                "http://zenodo.example.org", "ftp://127.0.0.1", "http://127.0.0.1.example.org", "x",
            ] {
                let refused = try await Tool(Pandacap.program.string).output(
                    ["dataset", "publish", publish.dataset.string, "--base-url", address],
                    environment: publish.environment
                )
                #expect(refused.status == .exited(64), "\(address): \(refused.standardError)")
            }
            #expect(!FileSystem.exists(publish.standIn.folder / "requests"))
            #expect(!FileSystem.exists(publish.folder / "honeypot-deposit.json"))
        }
        try await withStandIn(title: nil) { publish in
            let output = try await publish()
            #expect(output.status == .exited(65) && output.standardError.contains("has no title"))
        }
        try await withStandIn(title: "bad") { publish in
            let output = try await publish()
            #expect(output.status == .exited(65) && output.standardError.contains("metadata.title: is bad"))
        }
    }

    @Test("an address of another host gets neither files nor the token")
    func elsewhere() async throws {
        try await withStandIn { publish in
            try publish.standIn.fail("POST depositions elsewhere")
            let output = try await publish("--attempts", "1")
            #expect(output.status == .exited(65) && output.standardError.contains("not its own"))
        }
    }

    @Test("killed in the middle of an upload, the next one ends it; the token is in no argument vector")
    func killed() async throws {
        try await withStandIn(volumes: 2, bytes: 30_000_000) { publish in
            try publish.standIn.fail("PUT 2-of-2.tar slow")
            let command = LaunchCommand(
                executable: Pandacap.program,
                arguments: publish.arguments([]),
                environment: publish.environment,
                workingDirectory: publish.folder
            )
            let (_, status) = try await ChildProcess.run(command, log: publish.folder / "log") { child in
                let isThere = try await poll(for: .seconds(30)) {
                    (try? publish.standIn.requests().contains { $0.contains("2-of-2.tar") }) ?? false
                        ? true : nil
                }
                #expect(isThere == true)
                let processes = try await Tool("ps").run(["-eww", "-o", "args"])
                #expect(processes.contains("curl --disable --config -"))
                #expect(!processes.contains("good-token"))
                child.signal(SIGKILL)
                _ = try await child.exit(within: .seconds(10))
            }
            #expect(status == .signalled(SIGKILL), "\(status)")
            let result = try await publish.result()
            #expect(result.deposit == 1000)
            #expect(result.files.map(\.wasThere) == [true, false])
        }
    }

    @Test("a scan that found something forbids it")
    func privacy() async throws {
        try await withStandIn { publish in
            let report = """
                {"schema": 1, "files": 1, "bytes": 9, "omitted": [], "acknowledged": [], "findings": [
                {"file": "a", "role": "metadata", "kind": "canary", "subject": "canary 1", "level": "block",
                "place": "file", "count": 1, "offsets": [0], "excerpt": ""}]}
                """
            try FileSystem.write(report, to: publish.folder / "honeypot-privacy.json")
            let output = try await publish()
            #expect(output.status == .exited(77) && output.standardError.contains("canary"))
            try FileSystem.write(
                report.replacing(#""acknowledged": []"#, with: #""acknowledged": ["canary"]"#),
                to: publish.folder / "honeypot-privacy.json"
            )
            #expect(try await publish.result().files.count == 1)
        }
    }
}
