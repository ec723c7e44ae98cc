import HostSupport
import TestSupport
import Testing

@testable import Capture

@Suite struct GuestSSHTests {
    @Test func aCommandReachesTheGuestsShellWordByWord() {
        let ssh = GuestSSH(user: "root", port: 2200, folder: "/r")
        #expect(ssh.arguments(command: []) == ["-F", "/r/ssh_config", "guest"])
        #expect(
            ssh.arguments(command: ["sh", "-c", "echo 'a b'; id", ""])
                == ["-F", "/r/ssh_config", "guest", "--", #"sh -c 'echo '\''a b'\''; id' ''"#]
        )
    }

    @Test func theClientTrustsTheKeyOfThisRunAlone() async throws {
        try await withScratch { scratch in
            let folder = scratch / "with space"
            try FileSystem.createDirectory(folder)
            let ssh = GuestSSH(user: "visitor", port: 2200, folder: folder)
            let key = try await ssh.prepare()
            #expect(key.hasPrefix("ssh-ed25519 ") && key.hasSuffix(" pandacap\n"))
            try ssh.trust("ssh-ed25519 AAAAC3Nz comment ignored")
            #expect(try FileSystem.readText(folder / "known_hosts") == "guest ssh-ed25519 AAAAC3Nz\n")
            // What ssh makes of the configuration, without connecting.
            let settings = try await Tool("ssh").run(["-G"] + ssh.arguments(command: []))
                .split(separator: "\n").map(String.init)
            for expected in [
                "hostname 127.0.0.1", "port 2200", "user visitor", "stricthostkeychecking true",
                "userknownhostsfile \(folder / "known_hosts")", "identityfile \(folder / "id_ed25519")",
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

    @Test(arguments: [
        "", "ssh-ed25519", "ssh-ed25519 ", "AAAA ssh-ed25519", "* ssh-ed25519 AAAA",
        "@cert-authority ssh-rsa AAAA",
        "ssh-ed25519 AA\nguest,* ssh-rsa BB", "ssh-ed25519\n* ssh-rsa BB", "ssh-ed25519 AA\u{0}BB",
        "ssh-ed25519\tAA x", "ssh-ed25519 AA\u{1B}[2J", "ssh-ed25519 é", "ssh-rsa\r\n* ssh-rsa BB",
    ])
    func aHostileHostKeyIsRefused(_ key: String) async throws {
        try await withScratch { folder in
            let failure = #expect(throws: Failure.self) {
                try GuestSSH(user: "root", port: 1, folder: folder).trust(key)
            }
            #expect(failure?.code == .guest)
            #expect(FileSystem.list(folder).isEmpty)
        }
    }
}
