import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

/// A record of a run that is planned.
func sampleRecord(memory: ByteSize = .mebibytes(64)) -> RunRecord {
    RunRecord(
        id: RunID(label: "tiny"),
        version: "0.0.0",
        image: .init(name: "tiny", digest: "d1"),
        engine: .init(program: "/e/libpanda-i386.so", version: "QEMU emulator version 2.9.1", sha256: "d2"),
        machine: Machine(architecture: .i386, memory: memory, extraArguments: ["-smp", "1"]),
        command: LaunchCommand(
            executable: "/bin/panda-system",
            arguments: ["-m", "64"],
            environment: ["PANDA_DIR": "/e"],
            workingDirectory: "/runs/x/rr"
        ),
        confined: true,
        egress: false,
        forwards: [PortForward(guestPort: 22, hostPort: 2200)],
        trigger: .command
    )
}

@Suite struct RunRecordTests {
    @Test func aRecordIsReadAsItWasWritten() async throws {
        try await withScratch { scratch in
            let folder = RunFolder(scratch)
            var record = sampleRecord()
            for state in [RunState.starting, .ready, .recording, .recorded] { try record.become(state) }
            record.warnings = ["the guest said \u{1B}[2J \"x\"\n"]
            record.bootstrap = .init(status: 0, output: ["host-key: ssh-ed25519 AAAA"])
            record.commands = [.init(arguments: ["sh", "-c", "a 'b'"])]
            record.commands[0].started = Date(timeIntervalSince1970: 1_700_000_000.25)
            var recording = Recording(name: "session_000", structure: .notEnded)
            recording.log = .init(name: "session_000-rr-nondet.log", bytes: .max, sha256: "00")
            recording.problem = "cut"
            recording.verification = Verification(
                verdict: .diverged,
                time: Date(timeIntervalSince1970: 1_700_000_000.5),
                seconds: 0.25,
                instructions: 7,
                engineVersion: "v",
                engineSHA256: "s",
                problem: "p"
            )
            record.recordings = [recording]
            record.osProfile = .init(os: "linux-64-debian:6.1.0")
            try record.write(to: folder)
            let back = try RunRecord.read(from: folder)
            #expect(try JSONText.encode(back) == FileSystem.read(folder.record))
            #expect(back.recordings == record.recordings)
            #expect(back.commands == record.commands)
            #expect(back.osProfile == record.osProfile)
            #expect(
                back.state == .recorded && back.machine == record.machine && back.command == record.command
            )
        }
    }

    @Test func anotherSchemaIsRefused() async throws {
        try await withScratch { scratch in
            let folder = RunFolder(scratch)
            try sampleRecord().write(to: folder)
            let text = try FileSystem.readText(folder.record)
            try FileSystem.write(text.replacing(#""schema" : 1"#, with: #""schema" : 2"#), to: folder.record)
            let failure = #expect(throws: Failure.self) { try RunRecord.read(from: folder) }
            #expect(failure?.code == .badData)
            #expect(failure?.message.contains("schema 2") == true)
        }
    }

    @Test func aDamagedRecordIsNamedWithTheKey() async throws {
        try await withScratch { scratch in
            let folder = RunFolder(scratch)
            #expect(#expect(throws: Failure.self) { try RunRecord.read(from: folder) }?.code == .notFound)
            try sampleRecord().write(to: folder)
            let text = try FileSystem.readText(folder.record)
            let damages: [(String, String)] = [
                (text.replacing(#""state" : "planned""#, with: #""state" : "lost""#), "at state"),
                (
                    text.replacing(#""architecture" : "i386""#, with: #""architecture" : "z80""#),
                    "at machine.architecture"
                ),
                (text.replacing(#""confined""#, with: #""confine""#), "the key 'confined' is missing"),
                (String(text.dropLast(20)), "at the top"), ("", "at the top"),
            ]
            for (damaged, words) in damages {
                try FileSystem.write(damaged, to: folder.record)
                let failure = #expect(throws: Failure.self) { try RunRecord.read(from: folder) }
                #expect(failure?.code == .badData)
                #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
                #expect(failure?.message.hasPrefix(folder.record.string) == true)
            }
        }
    }

    @Test func theFilesOfARunHaveTheirNames() throws {
        let folder = RunFolder(collection: "/t", id: try RunID(named: "r1"))
        #expect(folder.record == "/t/runs/r1/run.json")
        #expect(folder.recording("session_000") == "/t/runs/r1/rr/session_000")
        #expect(folder.packets == "/t/runs/r1/net.pcap")
    }
}
