import Foundation
import HostSupport
import PandaEngine
import RunRecords
import TestSupport
import Testing

@Suite("The managed engine", .serialized)
struct EngineTests {
    private func launch(_ architecture: GuestArchitecture, _ arguments: [String], input: String) async throws
        -> ToolOutput
    {
        let home = try await Lab.shared.ready().home
        let engine = home / "engines/pandare-0.1.1.5"
        let folder = engine / "data/\(architecture.rawValue)-softmmu"
        return try await Tool(try Launcher.library.located().string).output(
            [
                (folder / "libpanda-\(architecture.rawValue).so").string, "-L",
                (engine / "data/pc-bios").string,
            ]
                + arguments,
            environment: ["LD_LIBRARY_PATH": (engine / "lib").string, "PANDA_DIR": (engine / "data").string],
            input: input
        )
    }

    /// A board that each architecture's engine has, and that starts without a kernel.
    private func board(_ architecture: GuestArchitecture, firmware: HostPath) -> [String] {
        switch architecture {
        case .x8664, .i386, .ppc: []
        case .arm: ["-M", "versatilepb"]
        case .aarch64: ["-M", "virt", "-cpu", "cortex-a57"]
        case .mips, .mipsel, .mips64: ["-M", "malta", "-bios", firmware.string]
        }
    }

    @Test(
        "runs a machine of every architecture and leaves when told to",
        arguments: GuestArchitecture.allCases
    )
    func architectures(architecture: GuestArchitecture) async throws {
        try await withScratch { folder in
            try FileSystem.write(Data(count: 128 << 10), to: folder / "firmware")
            let machine =
                board(architecture, firmware: folder / "firmware") + ["-m", "64", "-display", "none"]
            let output = try await launch(
                architecture,
                machine + ["-monitor", "none", "-serial", "none", "-qmp", "stdio"],
                input: #"{"execute": "qmp_capabilities"} {"execute": "query-status"} {"execute": "quit"}"#
            )
            #expect(output.status == .exited(0), "\(output.standardError)")
            #expect(output.standardOutput.contains(#""event": "SHUTDOWN""#), "\(output.standardOutput)")
        }
    }

    @Test("stops with a clear word where a library is a stub and is used")
    func stub() async throws {
        let output = try await launch(
            .x8664,
            ["-M", "none", "-display", "none", "-chardev", "braille,id=b"],
            input: ""
        )
        #expect(output.status == .signalled(6))
        #expect(output.standardError.contains("libbrlapi.so.0.7 is not installed here: brlapi_"))
    }

    /// Without its correction the first of these programs finds an operand of its own in the flags.
    @Test(
        "keeps the flags clean of operands",
        arguments: [("tiny", "x86_64-linux-gnu"), ("tiny-i386", "i686-linux-gnu")]
    )
    func flags(image: String, target: String) async throws {
        try await withLab { pandacap, folder in
            let source = try Installation.locate().root / "Tests/EndToEndTests/Fixtures/flags.c"
            try await compile(source, for: target, to: folder / "flags")
            let program = try FileSystem.read(folder / "flags").base64EncodedString()
            let script = "echo \(program) | base64 -d > /tmp/flags; chmod +x /tmp/flags; /tmp/flags"
            let output = try await pandacap("record", image, "-o", folder.string, "--", "sh", "-c", script)
            #expect(output.status == .exited(0), "\(output.standardError)")
        }
    }

    /// Compiles a program for guests as guest/Makefile does.
    private func compile(_ source: HostPath, for target: String, to program: HostPath) async throws {
        let beside = FileSystem.resolved(try Tool("swift").located()).map { $0.parent / "clang" }
        try await Tool((Tool("clang").path ?? beside)?.string ?? "clang").run([
            "--target=\(target)", "-std=c11", "-Os", "-ffreestanding", "-fno-builtin", "-fno-pic",
            "-mno-red-zone",
            "-fno-stack-protector", "-fuse-ld=lld", "-nostdlib", "-static", "-Wl,-s", "-o", program.string,
            source.string,
        ])
    }

    @Test("is shown with its plugins, and why some do not load")
    func show() async throws {
        let pandacap = try await Lab.shared.ready()
        let output = try await pandacap("engine", "show", "--json")
        #expect(output.status == .exited(0), "\(output.standardError)")
        let object =
            try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any]
        let description = try #require(object?["description"] as? [String: Any])
        #expect((description["version"] as? String)?.contains("version 2.9.1") == true)
        let plugins = try #require(description["plugins"] as? [[String: Any]])
        func problem(_ name: String) throws -> String? {
            try #require(plugins.first { $0["name"] as? String == name })["problem"] as? String
        }
        #expect(try problem("recctrl") == nil)
        #expect(try problem("taint2") == nil, "the real libLLVM-11 is there")
        #expect(try problem("snake_hook")?.contains("libpython3.8.so.1.0") == true)
        let architectures = try #require(object?["architectures"] as? [String])
        #expect(Set(architectures) == Set(GuestArchitecture.allCases.map(\.rawValue)))
    }

    @Test("is left as it is by a second install, and an installed PANDA is preferred to it")
    func preference() async throws {
        var pandacap = try await Lab.shared.ready()
        let description = pandacap.home / "engines/pandare-0.1.1.5/engine.json"
        let before = try FileSystem.readText(description)
        let again = try await pandacap("engine", "install", "--json")
        #expect(again.status == .exited(0), "\(again.standardError)")
        #expect(try FileSystem.readText(description) == before)
        // The real library once more, laid out as a build tree of PANDA's is.
        try await withScratch { folder in
            try FileManager.default.createSymbolicLink(
                atPath: (folder / "build").string,
                withDestinationPath: (pandacap.home / "engines/pandare-0.1.1.5/data").string
            )
            pandacap.environment = [
                "PANDA_PATH": folder.string,
                "LD_LIBRARY_PATH": (pandacap.home / "engines/pandare-0.1.1.5/lib").string,
            ]
            let list = try await pandacap("engine", "list")
            let origins = list.standardOutput.split(separator: "\n").filter { $0.hasPrefix("i386") }
                .map { $0.split(separator: " ")[1] }
            #expect(origins == ["panda-path", "managed"])
            let output = try await pandacap("record", "tiny-i386", "-o", folder.string, "--", "true")
            #expect(output.status == .exited(0), "\(output.standardError)")
            let (record, _) = try onlyRun(in: folder)
            #expect(record.engine.program == folder / "build/i386-softmmu/libpanda-i386.so")
        }
    }

    @Test("is made anew where its install was not finished")
    func unfinished() async throws {
        try await withLab { pandacap, folder in
            let partial = folder / "engines/pandare-0.1.1.5.partial"
            try FileSystem.createDirectory(partial / "lib")
            let bare = Pandacap(home: folder, environment: ["PATH": "/usr/bin:/bin"])
            let list = try await bare("engine", "list")
            #expect(list.standardOutput.isEmpty)
            #expect(list.standardError.contains("no engine on this host"))
            _ = pandacap
        }
    }
}
