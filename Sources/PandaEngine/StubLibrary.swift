import HostSupport

/// A shared library that stands for one that is not to be had: every function names itself and stops the engine.
///
/// PANDA's libraries are linked so that every symbol must exist when they are loaded, whether it is used or not.
struct StubLibrary: Sendable {
    /// The soname.
    let name: String
    private var versioned: [String: Set<String>] = [:]
    private var unversioned: Set<String> = []

    /// The libraries that Debian 12 has not in the version that PANDA of 2021 was linked with, and how the names of
    /// their unversioned functions begin.
    static let prefixes: [String: [String]] = [
        "libbrlapi.so.0.7": ["brlapi_"],
        "libjpeg.so.8": [],
        "libnettle.so.7": [],
        "libxenctrl.so.4.11": ["xc_"],
        "libxenstore.so.3.0": ["xs_"],
        "libxenforeignmemory.so.1": [],
        "libxengnttab.so.1": [],
        "libxenevtchn.so.1": [],
        "libjsoncpp.so.1": ["_ZN4Json", "_ZNK4Json", "_ZTVN4Json", "_ZTIN4Json"],
        "libwiretap.so.10": ["wtap_"],
    ]

    init(name: String) {
        self.name = name
    }

    /// Adds what an object wants of this library.
    mutating func add(_ imports: [SharedObject.Import]) {
        let prefixes = Self.prefixes[name] ?? []
        for symbol in imports {
            if let version = symbol.version {
                if version.library == name { versioned[version.name, default: []].insert(symbol.name) }
            } else if prefixes.contains(where: symbol.name.hasPrefix) {
                unversioned.insert(symbol.name)
            }
        }
    }

    /// Compiles the library.
    ///
    /// - Parameters:
    ///   - folder: Where it goes.
    ///   - work: A folder for its source.
    /// - Throws: `Failure` with the compiler's words.
    func build(in folder: HostPath, work: HostPath) async throws {
        let source = work / "\(name).c"
        try FileSystem.write(sourceText, to: source)
        var arguments = [
            "-shared", "-fPIC", "-O1", "-w", "-o", (folder / name).string, source.string,
            "-Wl,-soname,\(name)",
        ]
        if !versioned.isEmpty {
            let script = work / "\(name).map"
            try FileSystem.write(versionScript, to: script)
            arguments.append("-Wl,--version-script=\(script)")
        }
        try await Tool("gcc", package: "gcc").run(arguments)
    }

    /// The C source: C++ tables of types are data, all else is a function.
    var sourceText: String {
        let names = versioned.values.reduce(unversioned) { $0.union($1) }.sorted()
        let head = """
            #include <stdio.h>
            #include <stdlib.h>
            static void missing(const char *function) {
                fprintf(stderr, "\(name) is not installed here: %s was called\\n", function);
                abort();
            }

            """
        return head
            + names.map { name in
                name.hasPrefix("_ZT")
                    ? "char \(name)[512];\n" : "void \(name)(void) { missing(\"\(name)\"); }\n"
            }.joined()
    }

    private var versionScript: String {
        versioned.sorted { $0.key < $1.key }
            .map { "\($0.key) { global: \($0.value.sorted().joined(separator: "; ")); };\n" }
            .joined()
    }
}
