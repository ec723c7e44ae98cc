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
        let launcher = try Launcher.library.located().string
        let command = try engine.command(
            ["-m", "64"],
            workingDirectory: "/runs/r/rr",
            bounds: EngineBounds(writable: ["/runs/r/rr", "/runs/r/console.log"], readable: ["/k"]),
            lifeline: 42
        )
        #expect(command.executable.name == "panda-guard")
        #expect(
            command.arguments == [
                "--writable", "/runs/r/rr", "--writable", "/runs/r/console.log",
                "--readable", "/e/data/i386-softmmu/libpanda-i386.so", "--readable", launcher,
                "--readable", "/e/data/i386-softmmu", "--readable", "/k", "--bind", "none", "--connect",
                "none",
                "--limit", "file-size=68719476736", "--limit", "files=4096", "--calls", "tcp", "--lifeline",
                "42",
                launcher,
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

    @Test func whatAKernelCannotConfineIsBoundedOtherwise() throws {
        let engine = Engine(origin: .path, architecture: .x8664, program: "/nowhere/panda-system-x86_64")
        var bounds = EngineBounds(writable: ["/w"], isConfined: false)
        bounds.network.hasDatagrams = true
        bounds.limits.memory = .mebibytes(1)
        let words = try engine.command([], workingDirectory: "/", bounds: bounds, lifeline: nil).arguments
        #expect(
            words == [
                "--limit", "memory=1048576", "--limit", "file-size=68719476736", "--limit", "files=4096",
                "--calls", "udp", "/nowhere/panda-system-x86_64",
            ]
        )
        #expect(bounds.containment(landlock: nil, engine).confined == [.calls])
    }

    @Test(arguments: [
        (1, [RunRecord.Containment.Subject.writes, .reads, .calls]),
        (4, [.writes, .reads, .network, .calls]),
        (6, [.writes, .reads, .network, .signals, .calls]),
    ])
    func theRecordSaysHowFarTheKernelGoes(_ version: Int, _ confined: [RunRecord.Containment.Subject]) {
        let engine = Engine(origin: .path, architecture: .x8664, program: "/nowhere/panda-system-x86_64")
        let containment = EngineBounds(writable: []).containment(landlock: version, engine)
        #expect(
            containment.confined == confined && containment.landlock == version
                && containment.kind == .landlock
        )
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
