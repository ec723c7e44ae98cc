import ArgumentParser
import Containers
import Foundation
import Glibc
import HostSupport

struct ContainerForgetKeysCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "forget-keys",
        abstract: "Remove the host keys of running containers from known_hosts",
        discussion: """
            Addresses are used again, and each container has a host key of its own; ssh takes the next one for an \
            impostor. All running containers with an address count, whoever made them: their addresses, also with \
            the ports that they have servers at, and the host's ports that lead to them ([127.0.0.1]:2200). Hashed \
            lines are found, too. A line that is for other hosts as well loses the one name only; patterns, and \
            lines with a marker, stay as they are. No copy of the former file is left.

            Examples:
              $ pandacap container forget-keys --dry-run
              $ pandacap container forget-keys --file ./known_hosts
            """
    )

    @Option(help: ArgumentHelp("The file, instead of ~/.ssh/known_hosts.", valueName: "file"))
    var file: String?

    @Flag(help: "Show what would be removed, and do nothing.")
    var dryRun = false

    @OptionGroup var runtime: ContainerRuntimeOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let runtime = try await runtime.find()
        let path = file.map { FileSystem.absolute(HostPath($0)) } ?? Self.usersFile
        let hosts = try await runtime.containers().flatMap { $0.knownHostNames(in: runtime) }
        let removed = try await KnownHosts(path).forget(hosts.uniqued(), isPlan: dryRun)
        if removed.isEmpty { console.step("\(path) has no key of a running container") }
        try print(ForgottenReport(file: path, removed: removed, isPlan: dryRun))
        return 0
    }
}

extension ContainerForgetKeysCommand {
    /// The file that ssh reads: in the home folder of whom this process belongs to, whatever `HOME` says.
    private static var usersFile: HostPath {
        let home = getpwuid(getuid()).flatMap { String(validatingCString: $0.pointee.pw_dir) }
        return HostPath(home ?? NSHomeDirectory()) / ".ssh/known_hosts"
    }
}

/// The lines that lost a host.
private struct ForgottenReport: Report {
    let file: HostPath
    let removed: [KnownHosts.Removal]
    let isPlan: Bool

    var text: String {
        removed.map { removal in
            "\(isPlan ? "would remove" : "removed") \(removal.host) from line \(removal.line) of \(file)"
                + (removal.isWhole ? "" : ", which is for other hosts, too")
        }.joined(separator: "\n")
    }

    private enum CodingKeys: CodingKey { case file, removed }
}
