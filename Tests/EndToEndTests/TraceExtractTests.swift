import Foundation
import HostSupport
import RunRecords
import Testing

@Suite("A trace is looked into without an engine", .serialized)
struct TraceExtractTests {
    /// Run in a guest: packets over a second and a half, with pauses, and words on the console.
    private static let activity = """
        i=0; while [ $i -lt 10 ]; do echo line $i; usleep 50000; i=$((i+1)); done
        echo serial-greeting > /dev/ttyS0
        sleep 1
        dd if=/dev/zero bs=1k count=64 2>/dev/null
        """

    private func record(
        _ image: String,
        _ pacandap: Pandacap,
        _ folder: HostPath
    ) async throws -> (record: RunRecord, folder: RunFolder) {
        let output = try await pacandap("record", image, "-o", folder.string, "--", "sh", "-c", Self.activity)
        #expect(output.status == .exited(0), "\(output.standardError)")
        return try onlyRun(in: folder)
    }

    @Test(
        "its packets are those of the live capture, in their order, at the stated times",
        arguments: ["tiny", "resumed-i386"]
    )
    func packets(image: String) async throws {
        try await withLab { pandacap, folder in
            if image != "tiny" { _ = try await ResumedGuest.shared.name() }
            let (_, files) = try await record(image, pandacap, folder)
            let capture = folder / "packets.pcapng"
            let output = try await pandacap("trace", "pcap", files.path.string, "--write", capture.string)
            #expect(output.status == .exited(0), "\(output.standardError)")
            let extracted = try PacketFile.pcapng(capture)
            let live = try PacketFile.pcap(files.packets).filter { !$0.isAnnouncement }
            #expect(extracted.count > 20)
            // The live capture goes on before and after the recording, and frames repeat.
            let first = try #require(extracted.first)
            let begin = try #require(
                live.indices.filter { first.isFilled(live[$0]) }
                    .min { abs(live[$0].time - first.time) < abs(live[$1].time - first.time) }
            )
            var within = 0
            for (frame, seen) in zip(extracted, live[begin...]) {
                try #require(frame.isFilled(seen), "the frame at \(frame.time)")
                let stated = try #require(frame.comment.firstMatch(of: /time within (\d+) us/))
                let bound = try #require(Double(stated.1)) * 1e-6
                // The run's record keeps whole milliseconds. A frame is seen when it has come, or later on a busy host.
                #expect(frame.time - seen.time <= bound + 0.001)
                #expect(seen.time - frame.time <= bound + 1)
                if abs(frame.time - seen.time) <= bound + 0.001 { within += 1 }
            }
            #expect(within * 4 >= extracted.count * 3, "\(within) of \(extracted.count)")
            #expect(begin + extracted.count <= live.count)
            #expect(zip(extracted, extracted.dropFirst()).allSatisfy { $0.time <= $1.time })
            try await checkTools(capture, pandacap, files, extracted.count)
        }
    }

    /// A stock tool reads the capture; the list has the same packets; the capture goes through a pipe.
    private func checkTools(
        _ capture: HostPath,
        _ pandacap: Pandacap,
        _ files: RunFolder,
        _ count: Int
    ) async throws {
        let lines = try await Tool("tcpdump").run(["-n", "-r", capture.string]).split(separator: "\n")
        #expect(lines.count == count)
        #expect(lines.contains { $0.contains("10.0.2.15.22 >") })
        let list = try await pandacap("trace", "pcap", files.path.string, "--json")
        let object = try JSONSerialization.jsonObject(with: Data(list.standardOutput.utf8)) as? [String: Any]
        #expect((object?["packets"] as? [Any])?.count == count)
        let again = try await pandacap("trace", "pcap", files.path.string, "--write", capture.string)
        #expect(again.status == .exited(73) && again.standardError.contains("--force"))
    }

    @Test("what the guest wrote to its console, as the console's file has it")
    func console() async throws {
        try await withLab { pandacap, folder in
            let (_, files) = try await record(try await ResumedGuest.shared.name(), pandacap, folder)
            let output = try await pandacap("trace", "console", files.path.string)
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput == "serial-greeting\r\n")
            #expect(try FileSystem.readText(files.console).contains(output.standardOutput))
            let none = try await pandacap("trace", "console", files.path.string, "--port", "com4")
            #expect(none.status == .exited(0) && none.standardOutput.isEmpty)
            #expect(none.standardError.contains("wrote nothing to the port com4"))
        }
    }

    @Test("what it shows adds up, and memory has what it must have")
    func overview() async throws {
        try await withLab { pandacap, folder in
            let (record, files) = try await record(try await ResumedGuest.shared.name(), pandacap, folder)
            let shown = try await pandacap("trace", "show", files.path.string, "--json")
            #expect(shown.status == .exited(0), "\(shown.standardError)")
            let object =
                try JSONSerialization.jsonObject(with: Data(shown.standardOutput.utf8)) as? [String: Any]
            let recording = try #require((object?["recordings"] as? [[String: Any]])?.first)
            #expect(recording["instructions"] as? UInt64 == record.recordings.first?.instructions)
            let idle = try #require(recording["idleShare"] as? Double)
            #expect((0.3...1).contains(idle), "it slept for most of the time")
            let log = try #require(recording["log"] as? [String: Any])
            let kinds = try #require(log["kinds"] as? [[String: Any]])
            #expect(kinds.compactMap { $0["entries"] as? Int }.reduce(0, +) == log["entries"] as? Int)
            // The header's eight bytes belong to no entry.
            #expect(kinds.compactMap { $0["bytes"] as? Int }.reduce(8, +) == log["bytes"] as? Int)
            let text = try await pandacap("trace", "show", files.path.string)
            #expect(text.standardOutput.contains("10.0.2.15:22"))
            let bare = try await pandacap("trace", "show", (files.recordings / "session_000-rr-snp").string)
            #expect(bare.status == .exited(0), "\(bare.standardError)")

            let texts = try await pandacap("trace", "memory", files.path.string, "--shortest", "20")
            let banner = try #require(
                texts.standardOutput.split(separator: "\n").first { $0.contains("Linux version 6.1") }
            )
            let address = try #require(banner.split(separator: "\t").first)
            let dump = try await pandacap("trace", "memory", files.path.string, "--range", "\(address)+16")
            #expect(
                dump.standardOutput.contains("4c 69 6e 75 78 20 76 65 72 73 69 6f 6e 20 36 2e")
                    || banner.contains("%")
            )
            let outside = try await pandacap(
                "trace",
                "memory",
                files.path.string,
                "--range",
                "0xffff000000+16"
            )
            #expect(outside.status == .exited(65) && outside.standardError.contains("is not in the snapshot"))
        }
    }

    @Test("what the guest read from its disk is what the disk has there, and what it wrote is listed")
    func disk() async throws {
        try await withDebian("debian-12") { pandacap, image, folder in
            let output = try await pandacap(
                "record",
                image,
                "-o",
                folder.string,
                "--",
                "sh",
                "-c",
                "echo 3 > /proc/sys/vm/drop_caches; ls -lR /etc > /root/list; sync"
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            let (_, files) = try onlyRun(in: folder)
            let listed = try await pandacap("trace", "disk", files.path.string, "--json")
            let object =
                try JSONSerialization.jsonObject(with: Data(listed.standardOutput.utf8)) as? [String: Any]
            let transfers = try #require(object?["transfers"] as? [[String: Any]])
            #expect(transfers.contains { $0["direction"] as? String == "write" })
            let reads = transfers.filter { $0["direction"] as? String == "read" }
            #expect(reads.count > 20)
            try await compare(reads, of: files, folder)
        }
    }

    /// The bytes of a read lie in the log, as what was written to memory right behind the transfer; the disk beneath the
    /// run's has the same.
    private func compare(_ reads: [[String: Any]], of files: RunFolder, _ folder: HostPath) async throws {
        let information = try await Tool("qemu-img").run(["info", "--output=json", files.disk.string])
        let base = try #require(
            (try JSONSerialization.jsonObject(with: Data(information.utf8)) as? [String: Any])?[
                "full-backing-filename"
            ] as? String
        )
        let log = try NondetLogBytes(files.recordings / "session_000-rr-nondet.log")
        var compared = 0
        for read in reads.prefix(30) {
            let sector = try #require(read["sector"] as? Int)
            let bytes = try #require(read["bytes"] as? Int)
            let memory = try #require(read["memory"] as? String)
            // The tool counts from the disk's beginning, whatever is skipped.
            let piece = folder / "piece.raw"
            try FileSystem.remove(piece)
            try await Tool("qemu-img").run([
                "dd", "-O", "raw", "bs=512", "skip=\(sector)", "count=\(sector + bytes / 512)", "if=\(base)",
                "of=\(piece)",
            ])
            let expected = Array(try FileSystem.read(piece))
            if log.writes(to: memory).contains(expected) { compared += 1 }
        }
        // What the run itself has written before is not on the disk beneath.
        #expect(compared >= 25, "\(compared) of 30 are the disk's")
    }

    @Test("two logs part where they differ, and a log is like itself")
    func difference() async throws {
        try await withLab { pandacap, folder in
            let image = try await ResumedGuest.shared.name()
            for name in ["a", "b"] {
                let output = try await pandacap(
                    "record",
                    image,
                    "-o",
                    folder.string,
                    "--run-id",
                    name,
                    "--",
                    "true"
                )
                #expect(output.status == .exited(0), "\(output.standardError)")
            }
            let same = try await pandacap("trace", "diff", "a", "a", "-o", folder.string)
            #expect(same.status == .exited(0) && same.standardOutput.contains("the logs are alike"))
            let other = try await pandacap("trace", "diff", "a", "b", "-o", folder.string)
            #expect(other.status == .exited(1), "\(other.standardError)")
            #expect(other.standardOutput.contains("alike for"))
            #expect(other.standardOutput.contains("\n-  ") && other.standardOutput.contains("\n+  "))
        }
    }
}
