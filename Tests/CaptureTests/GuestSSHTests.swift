import HostSupport
import TestSupport
import Testing

@testable import Capture

@Suite struct GuestSSHTests {
    @Test func aCommandReachesTheGuestsShellWordByWord() {
        let ssh = GuestSSH(user: "root", port: 2200, folder: "/r", hostKeyTypes: ["ed25519"])
        #expect(ssh.arguments(command: []) == ["-F", "/r/ssh_config", "guest"])
        #expect(
            ssh.arguments(command: ["sh", "-c", "echo 'a b'; id", ""])
                == ["-F", "/r/ssh_config", "guest", "--", #"sh -c 'echo '\''a b'\''; id' ''"#]
        )
    }

    @Test(arguments: ["with space", #"it's "a", 50%h \y é"#])
    func theClientTrustsTheKeyOfThisRunAlone(_ name: String) async throws {
        try await withScratch { scratch in
            let folder = scratch / name
            try FileSystem.createDirectory(folder)
            let ssh = GuestSSH(
                user: "visitor",
                port: 2200,
                folder: folder,
                hostKeyTypes: ["ed25519", "ecdsa"]
            )
            try await ssh.prepare()
            let key = try FileSystem.readText(ssh.publicKey)
            #expect(key.hasPrefix("ssh-ed25519 ") && key.hasSuffix(" pandacap\n"))
            let trusted = try FileSystem.readText(folder / "known_hosts").split(separator: "\n")
            let kinds = trusted.map { $0.split(separator: " ").prefix(2) }
            #expect(kinds == [["guest", "ssh-ed25519"], ["guest", "ecdsa-sha2-nistp256"]])
            for (file, line) in zip(ssh.hostKeys, trusted) {
                let own = try await Tool("ssh-keygen").run(["-y", "-f", file.string])
                #expect(
                    "guest \(own)".hasPrefix(line),
                    "the guest's server is handed the key that is trusted"
                )
            }
            // What ssh makes of the configuration, without connecting.
            let settings = try await Tool("ssh").run(["-G"] + ssh.arguments(command: []))
                // It prints some paths before '%%' is replaced, and some after.
                .replacing("%%", with: "%").split(separator: "\n").map(String.init)
            for expected in [
                "hostname 127.0.0.1", "port 2200", "user visitor", "stricthostkeychecking true",
                "userknownhostsfile \(folder / "known_hosts")",
                "identityfile \(folder / "id_ed25519")",
                "identitiesonly yes", "passwordauthentication no", "globalknownhostsfile none",
            ] {
                #expect(settings.contains(expected))
            }
            let modes = try await Tool("stat").run(
                ["-c", "%a"] + ["ssh_config", "known_hosts", "id_ed25519"].map { (folder / $0).string }
            )
            #expect(modes == "600\n600\n600\n")
        }
    }

    @Test func aGuestThatTakesNothingIsReachedWithTheUsersOwnKeys() async throws {
        try await withScratch { folder in
            let ssh = GuestSSH(user: "ada", port: 2200, folder: folder, hostKeyTypes: [])
            try await ssh.prepare()
            let settings = try await Tool("ssh").run(["-G"] + ssh.arguments(command: []))
                // It prints some paths before '%%' is replaced, and some after.
                .replacing("%%", with: "%").split(separator: "\n").map(String.init)
            for expected in ["stricthostkeychecking accept-new", "passwordauthentication yes", "user ada"] {
                #expect(settings.contains(expected))
            }
        }
    }
}
