import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@Suite("A run that goes wrong says why and keeps what it has", .serialized)
struct FaultTests {
    @Test("the guest powers off in the middle: the recording is whole")
    func guestPowersOff() async throws {
        try await withLab { pandacap, folder in
            let output = try await pandacap(
                "record",
                try await ResumedGuest.shared.name(),
                "-o",
                folder.string,
                "--",
                "sh",
                "-c",
                "echo before; poweroff -f; sleep 60"
            )
            #expect(output.status == .exited(76), "\(output.standardError)")
            #expect(output.standardError.contains("the guest ended its machine by itself"))
            #expect(output.standardOutput.contains("before"))
            let (record, _) = try onlyRun(in: folder)
            #expect(record.state == .verified)
            #expect(record.commands.first?.status == nil)
        }
    }

    @Test("the engine is killed: the recording is kept and marked, and a replay says what is wrong with it")
    func engineIsKilled() async throws {
        try await withLab { pandacap, folder in
            let (_, status) = try await pandacap.beside(
                [
                    "record", try await ResumedGuest.shared.name(), "-o", (folder / "traces").string, "--",
                    "sleep", "60",
                ],
                in: folder
            ) { child in
                try await waitForRecording(folder / "traces")
                try await Task.sleep(for: .seconds(1))
                try await killEngine(of: folder / "traces", SIGKILL)
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(71))
            let (record, files) = try onlyRun(in: folder / "traces")
            #expect(record.state == .failed)
            #expect(record.reason?.contains("the engine was ended by SIGKILL") == true)
            #expect(record.recordings.first?.structure == .notEnded)
            #expect(FileSystem.list(files.recordings).count == 2)
            let replay = try await pandacap("replay", files.path.string)
            #expect(replay.status == .exited(65))
            #expect(replay.standardError.contains("is not whole: the log is cut"))
        }
    }

    @Test("pandacap itself is killed: the engine ends the recording and leaves")
    func pandacapIsKilled() async throws {
        try await withLab { pandacap, folder in
            _ = try await pandacap.beside(
                [
                    "record", try await ResumedGuest.shared.name(), "-o", (folder / "traces").string, "--",
                    "sleep", "60",
                ],
                in: folder
            ) { child in
                try await waitForRecording(folder / "traces")
                try await Task.sleep(for: .seconds(1))
                child.signal(SIGKILL)
                _ = try await child.exit(within: .seconds(10))
            }
            let (record, files) = try onlyRun(in: folder / "traces")
            let engines = try await poll(for: .seconds(30)) {
                try await enginesOfRun(files).isEmpty ? true : nil
            }
            #expect(engines == true)
            let recording = try await RecordingCheck.describe(
                "session_000",
                in: files.recordings,
                machine: record.machine
            )
            #expect(recording.structure == .complete)
            // The next command to meet the run brings its life to an end.
            let replay = try await pandacap("replay", files.path.string)
            #expect(replay.status == .exited(0), "\(replay.standardError)")
            #expect(try RunRecord.read(from: files).state == .verified)
        }
    }

    @Test("the guest resets its machine while it boots: it is started once more, and its last words are told")
    func guestResetsInBoot() async throws {
        try await withLab { pandacap, folder in
            try await withCopy(of: "tiny-i386", in: pandacap) { broken in
                let description = pandacap.home / "images/\(broken)/image.json"
                let changed = try FileSystem.readText(description)
                    .replacing("console=ttyS0", with: "console=ttyS0 rdinit=/none")
                try FileSystem.write(changed, to: description)
                let output = try await pandacap("record", broken, "-o", folder.string, "--", "true")
                #expect(output.status == .exited(76), "\(output.standardError)")
                #expect(output.standardError.contains("starting it once more"))
                #expect(
                    output.standardError.contains("its console ends with:\n  ["),
                    "\(output.standardError)"
                )
                let (record, _) = try onlyRun(in: folder)
                #expect(record.state == .failed)
                #expect(
                    record.warnings.contains { $0.hasPrefix("started twice: the guest ended its machine") }
                )
            }
        }
    }

    @Test("the guest is never ready: its console's last words are told")
    func neverReady() async throws {
        try await withLab { pandacap, folder in
            let output = try await pandacap(
                "record",
                "tiny-i386",
                "-o",
                folder.string,
                "--ready-timeout",
                "1s",
                "--",
                "true"
            )
            #expect(output.status == .exited(76))
            #expect(output.standardError.contains("the guest was not ready within 1.0 s"))
            let (record, _) = try onlyRun(in: folder)
            #expect(record.state == .failed)
            #expect(record.reason?.contains("not ready") == true)
        }
    }

    @Test("the disk runs full while recording: the recording is ended in time and replays")
    func diskRunsFull() async throws {
        try await withSmallDisk(megabytes: 320) { folder in
            let pandacap = try await Lab.shared.ready()
            let (_, status) = try await pandacap.beside(
                [
                    "record", try await ResumedGuest.shared.name(), "-o", (folder / "traces").string,
                    "--reserve", "150M", "--",
                    "sleep", "60",
                ],
                in: folder
            ) { child in
                try await waitForRecording(folder / "traces")
                try await Task.sleep(for: .seconds(1))
                try FileSystem.write(Data(count: 145 << 20), to: folder / "filler")
                _ = try await child.exit(within: .seconds(60))
            }
            #expect(status == .exited(74), "\(words(of: folder))")
            let (record, _) = try onlyRun(in: folder / "traces")
            #expect(record.state == .verified)
            #expect(record.warnings.contains { $0.contains("of disk are left") })
        }
    }

    @Test("the disk is too small for a snapshot: nothing is started")
    func diskIsTooSmall() async throws {
        try await withSmallDisk(megabytes: 100) { folder in
            let output = try await Lab.shared.ready()("record", "tiny", "-o", folder.string, "--", "true")
            #expect(output.status == .exited(73))
            #expect(output.standardError.contains("need 384.0 MiB"))
            #expect(FileSystem.list(folder).isEmpty)
        }
    }
}

/// The processes that run the engine of a run.
func enginesOfRun(_ files: RunFolder) async throws -> [Int32] {
    let output = try await Tool("pgrep", package: "procps").output(["-f", "panda-system"])
    return output.standardOutput.split(separator: "\n").compactMap { Int32($0) }.filter { process in
        // What looks after an engine works in the same folder, and is another program.
        FileSystem.resolved(HostPath("/proc/\(process)/cwd")) == FileSystem.resolved(files.recordings)
            && FileSystem.resolved(HostPath("/proc/\(process)/exe"))?.name == "panda-system"
    }
}

/// Sends a signal to the engine of the only run of a collection.
func killEngine(of collection: HostPath, _ signal: Int32) async throws {
    let engines = try await enginesOfRun(try onlyRun(in: collection).folder)
    #expect(engines.count >= 1)
    for engine in engines { kill(engine, signal) }
}

/// A file system of its own in memory, which needs the right to mount.
func withSmallDisk(megabytes: Int, _ body: (HostPath) async throws -> Void) async throws {
    try await withScratch { folder in
        let mount = folder / "disk"
        try FileSystem.createDirectory(mount)
        try await Tool("mount", package: "mount").run([
            "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", mount.string,
        ])
        let result: Result<Void, any Error>
        do { result = .success(try await body(mount)) } catch { result = .failure(error) }
        try await Tool("umount", package: "mount").run(["-l", mount.string])
        try result.get()
    }
}
