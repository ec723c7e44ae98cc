import HostSupport
import TestSupport
import Testing

@testable import Containers

@Suite struct RuntimeTests {
    @Test func anUnknownRuntimeIsAnError() async throws {
        let failure = await #expect(throws: Failure.self) {
            try await ContainerRuntime.find(environment: [ContainerRuntime.variable: "lxc"])
        }
        #expect(failure?.code == .configuration)
        #expect(failure?.hint?.contains("docker or podman") == true)
    }
}
