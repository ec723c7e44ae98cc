import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import PandaEngine

/// What is asked of an engine, asked of shell scripts.
@Suite struct FakeEngineTests {
    private func engine(_ script: String, in folder: HostPath) throws -> Engine {
        let program = folder / "panda-system-x86_64"
        try FileSystem.write("#!/bin/sh\n\(script)\n", to: program, mode: 0o755)
        return Engine(origin: .named, architecture: .x8664, program: program)
    }

    @Test func anEngineIsDescribedByWhatItSays() async throws {
        try await withScratch { folder in
            let engine = try engine(
                """
                case $1 in
                -help) echo 'warning: x'; echo 'QEMU emulator version 2.9.1, Copyright x'; echo 'Build date Dec 1 2021'
                       echo '-panda name'; echo '-complete-rr-snapshot';;
                esac
                """,
                in: folder
            )
            let description = try await EngineDescription.of(engine)
            #expect(description.version == "QEMU emulator version 2.9.1")
            #expect(description.buildDate == "Dec 1 2021")
            #expect(description.hasCompleteSnapshotOption)
            #expect(description.sha256 == (try await Digest.sha256(engine.program)))
        }
    }

    @Test(arguments: [
        ("echo 'QEMU emulator version 8.0'", "is not PANDA"), ("echo hello", "does not tell its version"),
        ("echo 'no libfoo.so' >&2; exit 127", "no libfoo.so"), ("kill -SEGV $$", "SIGSEGV"),
    ])
    func whatIsNoWorkingEngineIsRefused(_ script: String, _ words: String) async throws {
        try await withScratch { folder in
            let engine = try engine(script, in: folder)
            let failure = await #expect(throws: Failure.self) { try await EngineDescription.of(engine) }
            #expect(failure?.code == .unavailable)
            #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        }
    }

    @Test func aPluginThatIsNotThereIsNamed() async throws {
        try await withScratch { folder in
            let engine = try engine("true", in: folder)
            try FileSystem.createDirectory(engine.pluginFolder)
            try FileSystem.write("", to: engine.pluginFolder / "panda_recctrl.so")
            try await EngineDescription.requirePlugins(["recctrl"], of: engine)
            let failure = await #expect(throws: Failure.self) {
                try await EngineDescription.requirePlugins(["recctrl", "nosuch"], of: engine)
            }
            #expect(failure?.message.contains("no plugin 'nosuch'") == true)
        }
    }
}
