import HostSupport

/// How the ssh client of the host reaches the guest: with keys of both sides that are made for this one run.
struct GuestSSH: Sendable {
    let user: String
    let port: UInt16
    /// The folder for the keys and the configuration.
    let folder: HostPath
    /// The kinds of keys that the guest's server gets from us; none where it has its own, and nobody logs in by key.
    let hostKeyTypes: [String]

    private var configuration: HostPath { folder / "ssh_config" }
    private var knownHosts: HostPath { folder / "known_hosts" }

    /// The client's private key.
    var privateKey: HostPath { folder / "id_ed25519" }
    /// The client's public key, as a file with a line of `authorized_keys`.
    var publicKey: HostPath { folder / "id_ed25519.pub" }
    /// The private keys of the guest's server; the public ones lie beside them.
    var hostKeys: [HostPath] { hostKeyTypes.map { folder / "ssh_host_\($0)_key" } }

    /// Arguments of `ssh` that run a command in the guest, or log in where there is none.
    func arguments(command: [String]) -> [String] {
        // The guest's shell splits what ssh hands it as one line, so each word is quoted for that shell.
        ["-F", configuration.string, "guest"] + (command.isEmpty ? [] : ["--", shellLine(command)])
    }

    /// Makes the keys of both sides and the client's configuration.
    ///
    /// The server's keys are made here: the client need not trust the first key it meets, and the guest, which is slow,
    /// need not make them.
    ///
    /// - Throws: `Failure` where a key cannot be made.
    func prepare() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.makeKey("ed25519", privateKey, comment: "pandacap") }
            for (type, file) in zip(hostKeyTypes, hostKeys) {
                group.addTask { try await Self.makeKey(type, file, comment: "root@localhost") }
            }
            try await group.waitForAll()
        }
        var trusted = ""
        for file in hostKeys {
            let words = try FileSystem.readText(file.parent / "\(file.name).pub").split(separator: " ")
            trusted += "guest \(words.prefix(2).joined(separator: " "))\n"
        }
        try FileSystem.write(trusted, to: knownHosts, mode: 0o600)
        try FileSystem.write(configurationText, to: configuration, mode: 0o600)
    }

    private static func makeKey(_ type: String, _ file: HostPath, comment: String) async throws {
        try await Tool("ssh-keygen", package: "openssh-client").run([
            "-q", "-t", type, "-N", "", "-C", comment, "-f", file.string,
        ])
    }

    /// A path as one word of the client's configuration, in which '%' stands before what is replaced (`ssh_config(5)`).
    private static func word(_ path: HostPath) -> String {
        let escaped = path.string.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("%", with: "%%")
        return "\"\(escaped)\""
    }

    private var configurationText: String {
        let common = """
            Host guest
                HostName 127.0.0.1
                Port \(port)
                User \(user)
                UserKnownHostsFile \(Self.word(knownHosts))
                GlobalKnownHostsFile none
                HostKeyAlias guest
                ConnectTimeout 30
                LogLevel ERROR

            """
        guard !hostKeyTypes.isEmpty else { return common + "    StrictHostKeyChecking accept-new\n" }
        return common + """
                IdentityFile \(Self.word(privateKey))
                IdentitiesOnly yes
                StrictHostKeyChecking yes
                PasswordAuthentication no
                KbdInteractiveAuthentication no

            """
    }
}
