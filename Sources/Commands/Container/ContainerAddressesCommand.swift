import ArgumentParser
import Containers
import HostSupport

struct ContainerAddressesCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "addresses",
        abstract: "List the names and addresses of running containers",
        discussion: """
            A line has a name and an address, whatever network that is of; a container in several networks has \
            several lines. One without an address has the reason in its place, behind 'no address:'.

            Examples:
              $ pandacap container addresses
              $ pandacap container addresses --json
            """
    )

    @OptionGroup var runtime: ContainerRuntimeOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let runtime = try await runtime.find()
        let containers = try await runtime.containers()
        if containers.isEmpty { console.step("no container is running") }
        try print(
            AddressesReport(
                containers: containers.map { container in
                    switch container.reach(in: runtime, among: containers) {
                    case .addresses(let addresses):
                        .init(name: container.name, id: container.id, addresses: addresses, reason: nil)
                    case .none(let reason):
                        .init(name: container.name, id: container.id, addresses: [], reason: reason)
                    }
                }
            )
        )
        return 0
    }
}

/// Names and addresses.
private struct AddressesReport: Report {
    struct Entry: Encodable {
        let name: String
        let id: String
        let addresses: [ListedContainer.Address]
        let reason: String?
    }

    let containers: [Entry]

    var text: String {
        let rows = containers.flatMap { entry in
            entry.reason.map { [[entry.name, "no address: \($0)"]] }
                ?? entry.addresses.map { [entry.name, $0.address] }
        }
        guard let first = rows.first else { return "" }
        return Table(header: first, rows: Array(rows.dropFirst())).text
    }
}
