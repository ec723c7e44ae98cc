import ArgumentParser
import Containers
import HostSupport

struct ContainerListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List containers, whoever made them",
        discussion: """
            Those that run are listed, as 'docker container list' does and 'make lscont' did. KIND says what of \
            PANDAcap's a container is: 'run' has an engine that records or replays, 'test' was started by \
            'pandacap container test', 'image' was made of an image of ours by somebody else, '-' is none of these.

            Examples:
              $ pandacap container list
              $ pandacap container list --all --ours
            """
    )

    @Flag(help: "List those that do not run, too.")
    var all = false

    @Flag(help: "List PANDAcap's own only.")
    var ours = false

    @OptionGroup var runtime: ContainerRuntimeOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let words = (all ? ["--all"] : []) + (ours ? ContainerLabel.filter : [])
        let containers = try await runtime.find().containers(words)
        if containers.isEmpty { console.step(all ? "there is no container" : "no container is running") }
        try print(ContainersReport(containers: containers))
        return 0
    }
}

/// Containers, by their names.
private struct ContainersReport: Report {
    let containers: [ListedContainer]

    var text: String {
        guard !containers.isEmpty else { return "" }
        return Table(
            header: ["NAME", "ID", "IMAGE", "STATE", "KIND", "RUN", "PORTS"],
            rows: containers.map { container in
                [
                    container.name, container.id.shortID, container.image,
                    container.state + (container.exitStatus.map { " (\($0))" } ?? ""),
                    container.kind?.rawValue ?? "-", container.run ?? "-",
                    container.ports.isEmpty
                        ? "-" : container.ports.map(\.text).uniqued().joined(separator: ", "),
                ]
            }
        ).text
    }
}

extension ListedContainer.Port {
    /// The port as Docker shows it.
    fileprivate var text: String {
        let address = isAtAnyAddress ? "*" : hostAddress.contains(":") ? "[\(hostAddress)]" : hostAddress
        return "\(address):\(hostPort)->\(containerPort)/\(transport.rawValue)"
    }
}

extension [String] {
    /// The elements, each but once.
    func uniqued() -> [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
