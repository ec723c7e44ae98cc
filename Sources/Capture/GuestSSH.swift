import HostSupport

/// How the ssh client of the host reaches the guest: with a key pair and a host key made for this one run.
struct GuestSSH: Sendable {
    let user: String
    let port: UInt16
    /// The folder for the key and the configuration.
    let folder: HostPath

    private var key: HostPath { folder / "id_ed25519" }
    private var configuration: HostPath { folder / "ssh_config" }
    private var knownHosts: HostPath { folder / "known_hosts" }

    /// Arguments of `ssh` that run a command in the guest, or log in where there is none.
    func arguments(command: [String]) -> [String] {
        // The guest's shell splits what ssh hands it as one line, so each word is quoted for that shell.
        ["-F", configuration.string, "guest"] + (command.isEmpty ? [] : ["--", shellLine(command)])
    }

    /// Makes the key pair and the client's configuration.
    ///
    /// - Returns: The public key, as a line of `authorized_keys`.
    /// - Throws: `Failure` where the key cannot be made.
    func prepare() async throws -> String {
        try await Tool("ssh-keygen", package: "openssh-client").run([
            "-q", "-t", "ed25519", "-N", "", "-C", "pandacap", "-f", key.string,
        ])
        try FileSystem.write(
            """
            Host guest
                HostName 127.0.0.1
                Port \(port)
                User \(user)
                IdentityFile "\(key)"
                IdentitiesOnly yes
                UserKnownHostsFile "\(knownHosts)"
                GlobalKnownHostsFile none
                HostKeyAlias guest
                StrictHostKeyChecking yes
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                ConnectTimeout 30
                LogLevel ERROR

            """,
            to: configuration,
            mode: 0o600
        )
        return try FileSystem.readText(key.parent / "\(key.name).pub")
    }

    /// Trusts the host key that the guest told through its agent, and no other.
    ///
    /// - Parameter hostKey: The key, as `ssh-ed25519 AAAA...`.
    /// - Throws: `Failure` where it is no public key.
    func trust(_ hostKey: String) throws {
        let words = hostKey.split(separator: " ")
        // A line feed would add a line of the guest's choice to the file.
        guard words.count >= 2, words[0].hasPrefix("ssh-"),
            words.prefix(2).allSatisfy({ $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
        else { throw Failure(.guest, "the guest told '\(hostKey)' for its ssh host key") }
        try FileSystem.write("guest \(words[0]) \(words[1])\n", to: knownHosts, mode: 0o600)
    }
}
