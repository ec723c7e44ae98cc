import HostSupport
import Testing

@Suite("The runtimes of containers", .serialized)
struct ContainerRuntimeTests {
    @Test("they answer", arguments: TestedRuntime.allCases)
    func answer(runtime: TestedRuntime) async throws {
        let said = try await runtime("info", "--format", "json")
        #expect(said.count > 2)
    }
}
