import Containers
import HostSupport
import PandaEngine
import RunRecords

extension EngineSource {
    /// Why hardware virtualisation is not used; nothing where it works.
    func hardwareProblem(
        _ architecture: GuestArchitecture,
        kernel: HostPath,
        cache: HostPath,
        _ console: Console
    ) async throws -> String? {
        guard case .host(let finder) = self else {
            return "the engine is in a container, which has no device for it"
        }
        return try await HardwareVirtualisation(engine: try await finder.find(architecture), cache: cache)
            .problem(kernel: kernel, console: console)
    }
}
