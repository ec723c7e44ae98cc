import HostSupport
import PandaEngine
import RunRecords
import TestSupport
import Testing

@Suite struct EngineCommandTests {
    @Test func aLibraryIsConfinedAndGetsItsFirmwareAndLibraries() throws {
        let engine = Engine(
            origin: .managed,
            architecture: .i386,
            program: "/e/data/i386-softmmu/libpanda-i386.so",
            dataFolder: "/e/data",
            libraryFolders: ["/e/lib"]
        )
        let command = try engine.command(
            ["-m", "64"],
            workingDirectory: "/runs/r/rr",
            writable: ["/runs/r/rr", "/runs/r/console.log"],
            lifeline: 42
        )
        #expect(command.executable.name == "panda-guard")
        #expect(
            command.arguments == [
                "--writable", "/runs/r/rr", "--writable", "/runs/r/console.log", "--lifeline", "42",
                try Launcher.library.located().string,
                "/e/data/i386-softmmu/libpanda-i386.so", "-L", "/e/data/pc-bios", "-m", "64",
            ]
        )
        #expect(
            command.environment == [
                "PANDA_DIR": "/e/data", "LD_LIBRARY_PATH": "/e/lib:/e/data/lib/panda/i386",
            ]
        )
        #expect(command.workingDirectory == "/runs/r/rr")
    }

    @Test func aProgramKnowsItsOwn() throws {
        let engine = Engine(origin: .path, architecture: .x8664, program: "/usr/bin/panda-system-x86_64")
        let command = try engine.command(["-version"], workingDirectory: "/", bounds: nil, lifeline: nil)
        #expect(command.arguments == ["/usr/bin/panda-system-x86_64", "-version"])
        #expect(command.environment.isEmpty)
        #expect(engine.pluginFolder == "/usr/lib/panda/x86_64")
    }

    @Test func pluginsBesideTheProgramComeFirst() async throws {
        try await withScratch { folder in
            let program = folder / "x86_64-softmmu/panda-system-x86_64"
            let engine = Engine(origin: .path, architecture: .x8664, program: program)
            #expect(engine.pluginFolder == folder / "lib/panda/x86_64")
            try FileSystem.createDirectory(program.parent / "panda/plugins")
            #expect(engine.pluginFolder == program.parent / "panda/plugins")
        }
    }
}
