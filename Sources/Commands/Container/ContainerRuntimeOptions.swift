import ArgumentParser
import Containers

/// Which program runs containers.
struct ContainerRuntimeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Docker or Podman: 'docker' or 'podman'. PANDACAP_CONTAINER_RUNTIME names it otherwise; else it is Docker "
                + "where that answers, else Podman.",
            valueName: "program"
        )
    )
    var runtime: ContainerRuntime.Kind?

    /// The runtime, after it was asked whether it answers.
    func find() async throws -> ContainerRuntime { try await ContainerRuntime.find(runtime) }
}
