import Glibc
import HostSupport
import TestSupport
import Testing

@testable import PandaEngine

@Suite struct LibraryTests {
    /// Compiles a shared object from C.
    private func compile(_ source: String, to file: HostPath, _ options: [String] = []) async throws {
        try await Tool("gcc").run(
            ["-shared", "-fPIC", "-w", "-x", "c", "-o", file.string, "-", "-x", "none"] + options,
            input: source
        )
    }

    @Test func theSourceOfAStubNamesEachFunctionOnce() {
        var stub = StubLibrary(name: "libjsoncpp.so.1")
        let old = SharedObject.Version(name: "JSON_1", library: "libjsoncpp.so.1")
        let other = SharedObject.Version(name: "GLIBC_2.2.5", library: "libc.so.6")
        stub.add([
            .init(name: "json_read", version: old), .init(name: "_ZTVN4Json5ValueE", version: nil),
            .init(name: "_ZN4Json5ValueC1Ev", version: nil), .init(name: "puts", version: other),
            .init(name: "unrelated", version: nil), .init(name: "json_read", version: old),
        ])
        let lines = stub.sourceText.split(separator: "\n").suffix(3)
        #expect(
            Array(lines) == [
                #"void _ZN4Json5ValueC1Ev(void) { missing("_ZN4Json5ValueC1Ev"); }"#,
                "char _ZTVN4Json5ValueE[512];",
                #"void json_read(void) { missing("json_read"); }"#,
            ]
        )
    }

    @Test func aStubSatisfiesTheLinkerAndStopsWhoeverCallsIt() async throws {
        try await withScratch { folder in
            // The real library, which what is linked with it asks for a version of, and then is gone.
            let name = "libnettle.so.7"
            try FileSystem.write(
                "NETTLE_7 { global: nettle_one; }; HOG_5 { global: nettle_two; };",
                to: folder / "map"
            )
            try await compile(
                "void nettle_one(void) {} void nettle_two(void) {}",
                to: folder / name,
                ["-Wl,-soname,\(name)", "-Wl,--version-script=\(folder / "map")"]
            )
            let user = folder / "libuser.so"
            try await compile(
                "void nettle_one(void); void nettle_two(void); void use(void) { nettle_two(); nettle_one(); }",
                to: user,
                [(folder / name).string]
            )
            let imports = try await SharedObject.imports(of: user)
            for (function, version) in [("nettle_one", "NETTLE_7"), ("nettle_two", "HOG_5")] {
                #expect(imports.contains(.init(name: function, version: .init(name: version, library: name))))
            }
            try FileSystem.remove(folder / name)
            var stub = StubLibrary(name: name)
            stub.add(imports)
            try FileSystem.createDirectory(folder / "work")
            try await stub.build(in: folder, work: folder / "work")
            // All symbols are bound at once, as PANDA's libraries want it.
            let program =
                "import ctypes, sys; u = ctypes.CDLL(sys.argv[1], 2); print('loaded', flush=True); u.use()"
            let output = try await Tool("python3").output(
                ["-c", program, user.string],
                environment: ["LD_LIBRARY_PATH": folder.string, "LD_BIND_NOW": "1"]
            )
            #expect(output.status == .signalled(SIGABRT))
            #expect(output.standardOutput == "loaded\n")
            #expect(
                output.standardError.contains("libnettle.so.7 is not installed here: nettle_two was called")
            )
        }
    }

    @Test func whatAnObjectNeedsIsRead() async throws {
        try await withScratch { folder in
            try await compile("void one(void) {}", to: folder / "libone.so", ["-Wl,-soname,libone.so.1"])
            try await compile(
                "#include <stdio.h>\nvoid one(void); void two(void) { one(); puts(\"x\"); }",
                to: folder / "libtwo.so",
                [(folder / "libone.so").string]
            )
            let (one, two) = (folder / "libone.so", folder / "libtwo.so")
            #expect(try await SharedObject.needs(of: []).isEmpty)
            #expect(try await SharedObject.needs(of: [two])[two] == ["libone.so.1", "libc.so.6"])
            let both = try await SharedObject.needs(of: [one, two])
            #expect(both[two] == ["libone.so.1", "libc.so.6"])
            #expect(both[one]?.contains("libone.so.1") != true)
            let imports = try await SharedObject.imports(of: two)
            #expect(imports.contains(.init(name: "one", version: nil)))
            #expect(imports.first { $0.name == "puts" }?.version?.library == "libc.so.6")
            try FileSystem.write("text", to: folder / "text")
            await #expect(throws: Failure.self) { try await SharedObject.imports(of: folder / "text") }
        }
    }

    @Test func theNewestGlibcThatAnObjectAsksForIsRead() async throws {
        try await withScratch { folder in
            // A function that every version has, and one that came with 2.3.2.
            try await compile("#include <stdlib.h>\nvoid f(void) { abort(); }", to: folder / "old.so")
            try await compile(
                "#include <sys/epoll.h>\n#include <stdlib.h>\nint f(int n) { if (n) abort(); return epoll_create(n); }",
                to: folder / "new.so"
            )
            try await compile("int f(void) { return 1; }", to: folder / "none.so", ["-nostdlib"])
            #expect(try await SharedObject.glibcVersion(of: folder / "old.so") == [2, 2, 5])
            #expect(try await SharedObject.glibcVersion(of: folder / "new.so") == [2, 3, 2])
            #expect(try await SharedObject.glibcVersion(of: folder / "none.so") == [])
        }
    }
}
