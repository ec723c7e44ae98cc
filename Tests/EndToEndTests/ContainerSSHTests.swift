import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("The image with an ssh server", .serialized)
struct ContainerSSHTests {
    private static let image = "pandacap-lab-ssh"

    @Test("lets in who has a key, with host keys of each container's own, and has zsh configured")
    func image() async throws {
        let runtime = TestedRuntime.docker
        try await withContainers(runtime) { bench in
            var pandacap = try await Lab.shared.ready()
            pandacap.environment = bench.pandacap.environment
            let key = bench.folder / "mine"
            try await Tool("ssh-keygen").run([
                "-q", "-t", "ed25519", "-N", "", "-C", "mine", "-f", key.string,
            ])
            let build = [
                "container", "build", "--engine", "managed", "--base", "mmdebstrap", "--arch", "i386",
                "--tag",
                Self.image, "--bootstrap", "container-ssh", "--add", key.string + ".pub",
            ]
            let built = try await pandacap(build + ["--set", "IMAGE_EXTRA_PACKAGES=openssh-server zsh"])
            #expect(built.status == .exited(0), "\(built.standardError)")
            let look =
                "ls /etc/ssh | grep host_key; find / -xdev -name 'id_ed25519*'; cat /etc/pandacap/ssh/built_in_keys"
            let inside = try await runtime("run", "--rm", Self.image, "sh", "-c", look)
            #expect(
                try inside.trimmingCharacters(in: .newlines)
                    == FileSystem.readText(bench.folder / "mine.pub").trimmingCharacters(in: .newlines)
            )

            let names = [bench.name("a"), bench.name("b")]
            var hostKeys: [String] = []
            for name in names {
                let started = try await bench.pandacap(
                    "container",
                    "test",
                    name,
                    "--image",
                    Self.image,
                    "--detach"
                )
                #expect(started.status == .exited(0), "\(started.standardError)")
                hostKeys.append(try await runtime("exec", name, "cat", "/etc/ssh/ssh_host_ed25519_key.pub"))
            }
            #expect(Set(hostKeys).count == 2)
            func log(_ words: [String]) async throws -> ToolOutput {
                try await bench.pandacap(
                    [
                        "container", "ssh", names[0], "-o", "StrictHostKeyChecking=accept-new", "-o",
                        "BatchMode=yes",
                    ]
                        + ["-o", "UserKnownHostsFile=\(bench.folder)/known", "-o", "LogLevel=ERROR"] + words
                )
            }
            let question = ["--", "sh", "-c", "id -un; pwd"]
            #expect(try await log(["-i", key.string] + question).standardOutput == "root\n/root\n")
            // The run's key comes with the bundle that is mounted.
            let own = bench.pandacap.home / "container-tests/docker-\(names[0])/bundle/id_ed25519"
            let user = try await log(["-i", own.string, "--user", "panda"] + question)
            #expect(user.standardOutput == "panda\n/home/panda\n", "\(user.standardError)")
            let stranger = bench.folder / "stranger"
            try await Tool("ssh-keygen").run(["-q", "-t", "ed25519", "-N", "", "-f", stranger.string])
            let refused = try await log(["-i", stranger.string] + question)
            #expect(
                refused.status == .exited(255)
                    && refused.standardError.contains("Permission denied (publickey)")
            )
            let other = try await log(["-i", key.string, "--user", "nobody"] + question)
            #expect(other.status == .exited(255))

            try await runtime("restart", names[0])
            let address = try await poll(for: .seconds(30)) { () -> Bool? in
                try await log(["-i", key.string, "--", "true"]).status == .exited(0) ? true : nil
            }
            #expect(address == true, "it starts its server again, and keeps its host key")
            let zsh = try await Tool(Pandacap.program.string).output(
                ["container", "shell", names[0], "--zsh", "--user", "panda"],
                environment: bench.pandacap.environment,
                input: "id -un; pwd; echo $ZSH_NAME; ls ~/.zshrc\n"
            )
            #expect(
                zsh.standardOutput == "panda\n/opt/panda/share/rr\nzsh\n/home/panda/.zshrc\n",
                "\(zsh.standardError)"
            )
        }
    }

    @Test("is not built where the packages have no server, and says which one is missing")
    func withoutServer() async throws {
        try await withScratch { folder in
            let pandacap = Pandacap(home: folder / "home")
            let rendered = try await pandacap(
                "bootstrap",
                "render",
                "container-ssh",
                "--out",
                "run",
                in: folder
            )
            #expect(rendered.status == .exited(0), "\(rendered.standardError)")
            // A PATH without a server stands for an image without one.
            try FileSystem.createDirectory(folder / "bin")
            for name in ["sh", "bash", "mktemp", "chmod", "rm", "cat", "id", "getent"] {
                guard let program = Tool(name).path else { continue }
                try FileManager.default.createSymbolicLink(
                    atPath: (folder / "bin/\(name)").string,
                    withDestinationPath: program.string
                )
            }
            let output = try await Tool("/usr/bin/env").output(
                ["-i", "PATH=\(folder)/bin", "\(folder)/bin/sh", "\(folder)/run/docker/bootstrap.sh"]
            )
            #expect(output.status == .exited(69))
            #expect(output.standardError.contains("IMAGE_EXTRA_PACKAGES"), "\(output.standardError)")
        }
    }
}
