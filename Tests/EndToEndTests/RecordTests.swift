import Foundation
import HostSupport
import RunRecords
import Testing

@Suite("A command is recorded", .serialized)
struct RecordTests {
    @Test("its output and status come back, and the trace replays", arguments: ["tiny", "tiny-i386"])
    func command(image: String) async throws {
        try await withLab { pandacap, folder in
            let output = try await pandacap(
                "record",
                image,
                "-o",
                folder.string,
                "--name",
                "listing",
                "--",
                "sh",
                "-c",
                "uname -a; ls -lR /bin; echo \"it's\" >&2; exit 3"
            )
            #expect(output.status == .exited(3), "\(output.standardError)")
            #expect(output.standardOutput.contains("Linux tiny 6.1."))
            #expect(output.standardOutput.contains("-> /bin/busybox"))
            #expect(output.standardError.contains("it's"))
            let (record, files) = try onlyRun(in: folder)
            #expect(record.state == .verified)
            #expect(record.commands.map(\.status) == [3])
            let recording = try #require(record.recordings.first)
            #expect(recording.name == "listing_000")
            #expect(recording.verification?.verdict == .replayed)
            #expect(try #require(recording.instructions) > 100_000)
            try await checkFiles(record, files)
            try await checkPackets(record, files)
            let agent = try #require(record.command.arguments.first { $0.hasPrefix("socket,id=agent,path=") })
            let runtime = HostPath(String(agent.dropFirst("socket,id=agent,path=".count))).parent
            #expect(!FileSystem.exists(runtime), "keys and sockets are gone")
        }
    }

    /// The record matches its published schema, its digests and the files.
    private func checkFiles(_ record: RunRecord, _ files: RunFolder) async throws {
        let schema = try Installation.locate().root / "docs/run.schema.json"
        let check = try await Tool("/usr/bin/python3").output([
            "-c",
            "import json, sys, jsonschema; jsonschema.validate(*[json.load(open(f)) for f in sys.argv[1:]])",
            files.record.string, schema.string,
        ])
        #expect(check.status == .exited(0), "\(check.standardError)")
        let recording = try #require(record.recordings.first)
        for file in [recording.snapshot, recording.log] {
            let file = try #require(file)
            #expect(FileSystem.size(files.recordings / file.name) == file.bytes)
            #expect(try await Digest.sha256(files.recordings / file.name) == file.sha256)
        }
        #expect(FileSystem.list(files.recordings).count == 2, "nothing but the two files of the recording")
        #expect(try FileSystem.readText(files.console).contains("pandacap: up"))
    }

    /// Every packet carries the host's time, within the life of the run.
    private func checkPackets(_ record: RunRecord, _ files: RunFolder) async throws {
        let lines = try await Tool("tcpdump", package: "tcpdump")
            .run(["-n", "-tt", "-r", files.packets.string])
            .split(separator: "\n")
        #expect(lines.contains { $0.contains("10.0.2.15.22") })
        let times = lines.compactMap { Double($0.prefix { $0 != " " }) }
        let start = try #require(record.times["starting"]).timeIntervalSince1970
        let end = try #require(record.times["recorded"]).timeIntervalSince1970
        #expect(times.allSatisfy { (start...end).contains($0) })
        #expect(times == times.sorted())
    }

    @Test("as often as asked, in one guest; a plugin and JSON do not disturb")
    func twice() async throws {
        try await withLab { pandacap, folder in
            let output = try await pandacap(
                "record",
                "tiny-i386",
                "-o",
                folder.string,
                "-r",
                "2",
                "--plugin",
                "asid_instr_count",
                "--json",
                "--",
                "uname",
                "-m"
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            let object = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8))
            let record = try #require((object as? [String: Any])?["record"] as? [String: Any])
            #expect(record["state"] as? String == "verified")
            let (_, files) = try onlyRun(in: folder)
            #expect(try FileSystem.readText(files.standardOutput) == "i686\ni686\n")
            #expect(try RecordingCheck.names(in: files.recordings) == ["session_000", "session_001"])
        }
    }

    @Test("a dry run shows the exact argument vector and writes nothing")
    func dryRun() async throws {
        try await withLab { pandacap, folder in
            let output = try await pandacap(
                "record",
                "tiny",
                "-o",
                (folder / "traces").string,
                "--dry-run",
                "--json",
                "--memory",
                "160M",
                "--engine-arg",
                "-usb",
                "--",
                "true"
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            let object = try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8))
            let record = try #require((object as? [String: Any])?["record"] as? [String: Any])
            let command = try #require(record["command"] as? [String: Any])
            let arguments = try #require(command["arguments"] as? [String])
            #expect(arguments.firstIndex(of: "-m").map { arguments[$0 + 1] } == "160")
            #expect(arguments.contains("-usb"))
            #expect(arguments.contains("recctrl:session_rec=y,nrec=0"))
            #expect(FileSystem.list(folder).isEmpty)
        }
    }
}
