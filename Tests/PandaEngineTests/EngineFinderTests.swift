import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import PandaEngine

@Suite struct EngineFinderTests {
    /// Puts a file that passes for a program or library.
    @discardableResult
    private func put(_ path: HostPath, mode: UInt32 = 0o755) throws -> HostPath {
        try FileSystem.createDirectory(path.parent)
        try FileSystem.write("#!/bin/sh\n", to: path, mode: mode)
        return path
    }

    private func managed(_ name: String, in home: HostPath, schema: Int = 1) throws -> HostPath {
        let folder = home / "engines" / name
        let engine = ManagedEngine(
            name: name,
            wheelSHA256: "00",
            architectures: [.x8664],
            libraries: [.init(name: "libx.so.1", source: .stub)],
            folder: folder
        )
        let program = try put(folder / "data/x86_64-softmmu/libpanda-x86_64.so")
        let text = String(decoding: try JSONText.encode(engine), as: UTF8.self)
        try FileSystem.write(
            text.replacing(#""schema" : 1"#, with: "\"schema\" : \(schema)"),
            to: folder / "engine.json"
        )
        return program
    }

    @Test func theFirstInTheOrderOfOriginsIsUsed() async throws {
        try await withScratch { folder in
            let home = folder / "home"
            let named = try put(folder / "named/panda-system-x86_64")
            let installed = try put(folder / "panda/bin/panda-system-x86_64")
            let built = try put(folder / "panda/x86_64-softmmu/panda-system-x86_64")
            let onPath = try put(folder / "second/panda-system-x86_64")
            try put(folder / "first/panda-system-x86_64", mode: 0o644)
            let managed = try managed("pandare-1", in: home)
            let environment = [
                "PANDA_PATH": "\(folder / "panda")", "PATH": "\(folder / "first"):\(folder / "second")",
            ]
            func find(_ environment: [String: String], named: HostPath? = nil) async throws -> Engine {
                try await EngineFinder(named: named?.string, home: home, environment: environment).find(
                    .x8664
                )
            }
            for name in [named, named.parent] {
                let engine = try await find(environment, named: name)
                #expect(engine == Engine(origin: .named, architecture: .x8664, program: named))
            }
            let byVariable = environment.merging(["PANDACAP_ENGINE": named.string]) { $1 }
            #expect(try await find(byVariable).program == named)
            #expect(try await find(byVariable, named: onPath).program == onPath)
            #expect(try await find(environment).program == installed)
            #expect(try await find(environment).origin == .pandaPath)
            try FileSystem.remove(installed)
            #expect(try await find(environment).program == built)
            try FileSystem.remove(built)
            let found = try await find(environment)
            #expect(
                found.program == onPath && found.origin == .path,
                "one that cannot be executed is passed over"
            )
            try FileSystem.remove(onPath)
            // A Python package of the host would come before it.
            let engines = try await EngineFinder(home: home, environment: environment).all()
            #expect(engines.filter { $0.origin != .python }.map(\.program) == [managed])
            #expect(
                try await find(environment, named: "managed").libraryFolders == [
                    managed.parent.parent.parent / "lib"
                ]
            )
        }
    }

    @Test func aLibraryBringsItsData() async throws {
        try await withScratch { folder in
            let library = try put(folder / "data/i386-softmmu/libpanda-i386.so", mode: 0o644)
            for name in [library, folder, folder / "data"] {
                let engine = try await EngineFinder(named: name.string, home: folder, environment: [:]).find(
                    .i386
                )
                #expect(engine.program == library && engine.dataFolder == folder / "data" && engine.isLibrary)
            }
        }
    }

    @Test func aWrongNameIsAnsweredWithWhatIsWantedAndNothingElseIsTaken() async throws {
        try await withScratch { folder in
            let home = folder / "home"
            _ = try managed("pandare-1", in: home)
            try put(folder / "qemu-system-x86_64")
            for name in ["none", "qemu-system-x86_64", "", "."] where !name.isEmpty {
                let finder = EngineFinder(named: (folder / name).string, home: home, environment: [:])
                let failure = await #expect(throws: Failure.self) { try await finder.find(.x8664) }
                #expect(failure?.code == .unavailable)
                #expect(failure?.message.contains((folder / name).string) == true)
                #expect(failure?.hint?.contains("panda-system-x86_64") == true)
            }
            let other = try put(folder / "panda-system-i386")
            let finder = EngineFinder(named: other.string, home: home, environment: [:])
            await #expect(throws: Failure.self) { try await finder.find(.x8664) }
        }
    }

    @Test func whereThereIsNoneTheNoticeNamesThePlacesAndAnUnfinishedInstall() async throws {
        try await withScratch { folder in
            try FileSystem.createDirectory(folder / "engines/pandare-1.partial")
            let finder = EngineFinder(home: folder, environment: ["PANDA_PATH": "/none/panda"])
            let failure = await #expect(throws: Failure.self) { try await finder.find(.ppc) }
            #expect(failure?.message.contains("/none/panda") == true)
            #expect(failure?.message.contains("not finished") == true)
            #expect(failure?.hint?.contains("pandacap engine install") == true)
        }
    }

    @Test func unfinishedInstallsAreNoEnginesAndAnotherSchemaIsRefused() async throws {
        try await withScratch { home in
            #expect(try ManagedEngine.installed(in: home).isEmpty)
            _ = try managed("b", in: home)
            _ = try managed("a", in: home)
            _ = try managed("c.partial", in: home)
            try FileSystem.createDirectory(home / "engines/empty")
            let engines = try ManagedEngine.installed(in: home)
            #expect(engines.map(\.name) == ["a", "b"])
            #expect(engines.first?.folder == home / "engines/a")
            _ = try managed("b", in: home, schema: 2)
            let failure = #expect(throws: Failure.self) { try ManagedEngine.installed(in: home) }
            #expect(failure?.code == .badData)
            #expect(failure?.message.contains("schema 2") == true)
            try FileSystem.write("{", to: home / "engines/b/engine.json")
            #expect(throws: Failure.self) { try ManagedEngine.installed(in: home) }
        }
    }
}
