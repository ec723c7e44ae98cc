import HostSupport
import TestSupport
import Testing

@testable import PandaEngine

@Suite("A plugin that cannot be loaded gets advice")
struct PluginAdviceTests {
    @Test("a library that is missing is named, with how to find it")
    func library() {
        let words = "libpython3.8.so.1.0: cannot open shared object file: No such file or directory"
        #expect(PluginAdvice.of(words).contains("'apt-file search libpython3.8.so.1.0'"))
    }

    @Test("a symbol that is missing is the engine's affair")
    func symbol() {
        let words = "/e/panda/plugins/panda_tainted_mmio.so: undefined symbol: last_input_index"
        #expect(PluginAdvice.of(words).contains("'last_input_index'"))
        #expect(PluginAdvice.of("something else").contains("engine show"))
    }

    @Test("a name that is almost one is told so")
    func near() async throws {
        try await withScratch { folder in
            for name in ["asidstory", "asid_instr_count", "coverage"] {
                try FileSystem.write("", to: folder / "panda_\(name).so")
            }
            #expect(
                PluginAdvice.missing("asid", in: folder).hasPrefix("there is asid_instr_count, asidstory;")
            )
            #expect(PluginAdvice.missing("nonesuch", in: folder).hasPrefix("'pandacap engine show'"))
        }
    }
}
