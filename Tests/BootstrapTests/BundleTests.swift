import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@testable import Bootstrap

@Suite("Bundles")
struct BundleTests {
    /// A bundle in the original's layout, with a link to a script of a source tree that is not here.
    static func make(_ folder: HostPath) throws {
        try FileSystem.createDirectory(folder / "files/sub dir")
        try FileSystem.createDirectory(folder / "scripts")
        try FileManager.default.createSymbolicLink(
            atPath: (folder / "bootstrap.sh").string,
            withDestinationPath: "../../scripts/bootstrap.sh"
        )
        try FileSystem.write("export VM_USER={{VM_USER}}\n", to: folder / "bootstrap.env.j2")
        try FileSystem.write("plain {{ NOT }}\n", to: folder / "files/plain.txt", mode: 0o640)
        try FileSystem.write("#!/bin/sh\n# {{ RUN_ID }}\n", to: folder / "files/wrapper.sh.j2")
        try FileSystem.write("x", to: folder / "files/sub dir/a \"b\"\n'c' é漢")
        for name in ["docker_10_sshd.sh", "vm_10_sshd.sh", "vm_20_users.sh"] {
            try FileSystem.write("#!/bin/bash\nmsg \(name)\n", to: folder / "scripts/\(name)", mode: 0o755)
        }
        try FileManager.default.createSymbolicLink(
            atPath: (folder / "scripts/docker_30_auth.sh").string,
            withDestinationPath: "vm_20_users.sh"
        )
        try FileSystem.write("ignored\n", to: folder / "Makefile")
    }

    private func withBundle(_ body: (HostPath, HostPath) async throws -> Void) async throws {
        try await withScratch { scratch in
            let folder = scratch / "my bundle's"
            try Self.make(folder)
            try await body(folder, scratch / "run \"1\"")
        }
    }

    private func render(
        _ folder: HostPath,
        into run: HostPath,
        adding added: [HostPath] = [],
        values: [String: String] = ["VM_USER": "panda", "RUN_ID": "one"]
    ) async throws {
        let installation = try Installation.locate()
        let bundle = try BootstrapBundle(folder, in: installation)
        try await BundleRenderer(bundle, values: values, adding: added, installation: installation)
            .render(into: run, runID: "one")
    }

    @Test("a side that is rendered for no run has no key, and its templates see nothing of one")
    func oneSide() async throws {
        try await withBundle { folder, side in
            let installation = try Installation.locate()
            func render() async throws {
                try await BundleRenderer(
                    try BootstrapBundle(folder, in: installation),
                    values: ["VM_USER": "ada"],
                    installation: installation
                ).render(.docker, as: side)
            }
            let failure = await #expect(throws: Failure.self) { try await render() }
            #expect(failure?.message.contains("'RUN_ID' is undefined") == true)
            try FileSystem.remove(folder / "files/wrapper.sh.j2")
            // What is the other side's is not rendered.
            try FileSystem.write("{{ RUN_SSH_KEY }}", to: folder / "scripts/vm_50_key.sh.j2", mode: 0o755)
            try await render()
            #expect(FileSystem.list(side / "scripts") == ["10_sshd.sh", "30_auth.sh"])
            #expect(FileSystem.list(side / "files") == ["plain.txt", "sub dir"])
            #expect(try FileSystem.readText(side / "bootstrap.env") == "export VM_USER=ada\n")
        }
    }

    private func problem(_ folder: HostPath) throws -> String {
        do {
            _ = try BootstrapBundle(folder, in: try Installation.locate())
            return "nothing"
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "the layout is the original's: prefixes choose the side and go, files are on both, the key on the host's"
    )
    func layout() async throws {
        try await withBundle { folder, run in
            try await render(folder, into: run)
            let both = [
                "bootstrap.env", "bootstrap.sh", "files", "files/id_ed25519.pub",
                "files/plain.txt", "files/sub dir", "files/sub dir/a \"b\"\n'c' é漢", "files/wrapper.sh",
                "scripts",
                "scripts/10_sshd.sh",
            ]
            let docker = try FileManager.default.subpathsOfDirectory(atPath: (run / "docker").string)
            #expect(Set(docker) == Set(both + ["files/id_ed25519", "scripts/30_auth.sh"]))
            let guest = try FileManager.default.subpathsOfDirectory(atPath: (run / "vm").string)
            #expect(Set(guest) == Set(both + ["scripts/20_users.sh"]))
            #expect(try FileSystem.readText(run / "vm/bootstrap.env") == "export VM_USER=panda\n")
            #expect(try FileSystem.readText(run / "vm/files/plain.txt") == "plain {{ NOT }}\n")
            #expect(try FileSystem.readText(run / "docker/scripts/30_auth.sh").contains("vm_20_users.sh"))
            #expect(FileKind(run / "docker/scripts/30_auth.sh")?.kind == .regular)
            #expect(FileKind(run / "vm/files/plain.txt")?.mode == 0o640)
            #expect(FileKind(run / "vm/files/wrapper.sh")?.mode == 0o755)
            #expect(FileKind(run / "vm/bootstrap.sh")?.mode == 0o755)
            #expect(FileKind(run / "docker/files/id_ed25519")?.mode == 0o600)
            #expect(FileKind(run)?.mode == 0o700)
            let key = try FileSystem.readText(run / "id_ed25519.pub")
            #expect(key.hasPrefix("ssh-ed25519 ") && key.hasSuffix(" one\n"))
            #expect(try FileSystem.readText(run / "docker/files/id_ed25519.pub") == key)
        }
    }

    @Test("rendered again, the key stays and nothing is touched; what changed is taken over")
    func again() async throws {
        try await withBundle { folder, run in
            try await render(folder, into: run)
            func state() -> [UInt64] {
                ["vm", "docker", "id_ed25519"].map { name in
                    var status = stat()
                    stat((run / name).string, &status)
                    return UInt64(status.st_ino)
                }
            }
            let first = state()
            try await render(folder, into: run)
            #expect(state() == first)
            try FileSystem.write("new", to: folder / "files/plain.txt")
            try FileSystem.remove(folder / "scripts/vm_20_users.sh")
            try FileSystem.remove(folder / "scripts/docker_30_auth.sh")
            try await render(folder, into: run)
            #expect(try FileSystem.readText(run / "vm/files/plain.txt") == "new")
            #expect(!FileSystem.exists(run / "vm/scripts/20_users.sh"))
            #expect(state()[2] == first[2])
            #expect(FileSystem.list(run).filter { $0.hasPrefix(".") } == [".lock"])
        }
    }

    @Test("many at once give one whole result")
    func concurrent() async throws {
        try await withBundle { folder, run in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await render(folder, into: run)
                        return try FileSystem.readText(run / "vm/files/id_ed25519.pub")
                    }
                }
                let keys = try await group.reduce(into: Set<String>()) { $0.insert($1) }
                #expect(keys.count == 1)
            }
            #expect(try FileSystem.readText(run / "docker/bootstrap.env") == "export VM_USER=panda\n")
        }
    }

    @Test("what a process left that died while it rendered goes, and nothing half-done is taken for a side")
    func leftovers() async throws {
        try await withBundle { folder, run in
            for name in [".vm.new/files", ".vm.old/x", ".key", "docker/files"] {
                try FileSystem.createDirectory(run / name)
            }
            try FileSystem.write("half", to: run / "id_ed25519.pub")
            try await render(folder, into: run)
            #expect(FileSystem.list(run).filter { $0.hasPrefix(".") } == [".lock"])
            #expect(FileSystem.exists(run / "docker/scripts/10_sshd.sh"))
            #expect(try FileSystem.readText(run / "vm/files/id_ed25519.pub").hasPrefix("ssh-ed25519"))
        }
    }

    @Test("files of the host are added to both sides, and templates are told their names")
    func adding() async throws {
        try await withBundle { folder, run in
            let sample = folder.parent / "sample 'x'"
            try FileSystem.write("MZ", to: folder.parent / "original", mode: 0o755)
            try FileManager.default.createSymbolicLink(
                atPath: sample.string,
                withDestinationPath: "original"
            )
            try FileSystem.write("{{ RUN_FILES[0]|sh }} {{ RUN_SSH_KEY }}", to: folder / "workload.sh.j2")
            try await render(folder, into: run, adding: [sample])
            #expect(try FileSystem.readText(run / "vm/files/sample 'x'") == "MZ")
            #expect(FileKind(run / "docker/files/sample 'x'")?.kind == .regular, "a link is followed")
            let workload = try FileSystem.readText(run / "vm/workload.sh")
            #expect(workload.hasPrefix(#"'sample '"'"'x'"'"'' ssh-ed25519 "#))
            #expect(!FileSystem.exists(run / "docker/workload.sh"))
            await #expect(throws: Failure.self) {
                try await render(folder, into: run, adding: [folder / "files/plain.txt"])
            }
            await #expect(throws: Failure.self) {
                try await render(folder, into: run, adding: [folder / "nothing"])
            }
        }
    }

    @Test("a variable with quotes, dollars and newlines arrives as it is")
    func nastyValues() async throws {
        try await withBundle { folder, run in
            let value = "a'b\"c $HOME `id`\nd\\"
            try FileSystem.write("X={{ VM_USER|sh }}\n", to: folder / "bootstrap.env.j2")
            try await render(folder, into: run, values: ["VM_USER": value, "RUN_ID": "1"])
            let script = ". \"$1\"; printf %s \"$X\""
            let said = try await Tool("sh").output(["-c", script, "sh", (run / "vm/bootstrap.env").string])
            #expect(said.standardOutput == value)
        }
    }

    @Test("a template wins over what was rendered beside it, which is told")
    func stale() async throws {
        try await withBundle { folder, run in
            try FileSystem.write("export VM_USER=stale\n", to: folder / "bootstrap.env")
            // The other side's script of that name is another file.
            try FileSystem.remove(folder / "scripts/vm_10_sshd.sh")
            try FileSystem.write("#!/bin/sh\n# {{ VM_USER }}\n", to: folder / "scripts/vm_10_sshd.sh.j2")
            let bundle = try BootstrapBundle(folder, in: try Installation.locate())
            #expect(bundle.warnings.contains { $0.contains("bootstrap.env is not taken") })
            #expect(bundle.warnings.count == 1)
            try await render(folder, into: run)
            #expect(try FileSystem.readText(run / "vm/bootstrap.env") == "export VM_USER=panda\n")
            #expect(try FileSystem.readText(run / "vm/scripts/10_sshd.sh").contains("# panda"))
            #expect(try FileSystem.readText(run / "docker/scripts/10_sshd.sh").contains("docker_10_sshd.sh"))
        }
    }

    @Test("a file with the name of the run's key is refused")
    func keyName() async throws {
        try await withBundle { folder, _ in
            try FileSystem.write("x", to: folder / "files/id_ed25519.pub")
            #expect(try problem(folder).contains("files/id_ed25519.pub has the name of the run's key"))
        }
    }

    @Test("a script of no side is told; a bootstrap.sh of the bundle's own is used")
    func own() async throws {
        try await withBundle { folder, run in
            try FileSystem.write("#!/bin/sh\n", to: folder / "scripts/10_any.sh", mode: 0o755)
            try FileSystem.remove(folder / "bootstrap.sh")
            try FileSystem.write("#!/bin/sh\necho own\n", to: folder / "bootstrap.sh", mode: 0o755)
            let bundle = try BootstrapBundle(folder, in: try Installation.locate())
            #expect(bundle.warnings.count == 1)
            #expect(bundle.scripts(of: .vm) == ["10_sshd.sh", "20_users.sh"])
            #expect(bundle.scripts(of: .docker) == ["10_sshd.sh", "30_auth.sh"])
            try await render(folder, into: run)
            #expect(try FileSystem.readText(run / "docker/bootstrap.sh").contains("echo own"))
        }
    }

    @Test("a script without a run bit is named")
    func runBit() async throws {
        try await withBundle { folder, _ in
            try FileSystem.setMode(folder / "scripts/vm_10_sshd.sh", 0o644)
            #expect(try problem(folder).contains("scripts/vm_10_sshd.sh has no run bit"))
        }
    }

    @Test("links that leave the bundle, lead nowhere or to a folder, and pipes are refused, all at once")
    func links() async throws {
        try await withBundle { folder, _ in
            let manager = FileManager.default
            for (name, target) in [
                ("out", "/etc/passwd"), ("up", "../../outside"), ("none", "nothing"), ("dir", "sub dir"),
            ] {
                try manager.createSymbolicLink(
                    atPath: (folder / "files/\(name)").string,
                    withDestinationPath: target
                )
            }
            try FileSystem.write("secret", to: folder.parent / "outside")
            mkfifo((folder / "files/pipe").string, 0o600)
            let said = try problem(folder)
            #expect(said.contains("files/out is a link out of the bundle, to /etc/passwd"))
            #expect(said.contains("files/up is a link out of the bundle"))
            #expect(said.contains("files/none is a link that leads nowhere"))
            #expect(said.contains("files/dir is a link to something that is no file"))
            #expect(said.contains("files/pipe is no file"))
        }
    }

    @Test("a bundle larger than its disk may be is refused")
    func large() async throws {
        try await withBundle { folder, _ in
            let file = folder / "files/large"
            try FileSystem.write("", to: file)
            #expect(truncate(file.string, 600 << 20) == 0)
            #expect(try problem(folder).contains("more than the 512.0 MiB of a bundle"))
        }
    }

    @Test("what is no folder, and a name that no bundle has")
    func missing() throws {
        #expect(throws: Failure.self) { try BootstrapBundle("/nonexistent", in: try Installation.locate()) }
        #expect(throws: Failure.self) { try BootstrapBundle.find("nothing", in: try Installation.locate()) }
    }

    @Test("the digest is of paths, modes and contents, and of nothing else")
    func digest() async throws {
        try await withBundle { folder, _ in
            func digest() async throws -> String {
                try await BootstrapBundle(folder, in: try Installation.locate()).digest()
            }
            let first = try await digest()
            try FileSystem.write("ignored too\n", to: folder / "README.md")
            #expect(try await digest() == first)
            try FileSystem.setMode(folder / "files/plain.txt", 0o600)
            let second = try await digest()
            #expect(second != first)
            try FileSystem.write("other", to: folder / "files/plain.txt", mode: 0o600)
            #expect(try await digest() != second)
        }
    }

    @Test(
        "the disk has room for any number of files, large and small",
        arguments: [(1, 1), (3000, 10), (2, 9 << 20)]
    )
    func volume(count: Int, size: Int) async throws {
        try await withScratch { scratch in
            let folder = scratch / "vm, \"side\""
            try FileSystem.createDirectory(folder / "files")
            for number in 0..<count {
                try Data(repeating: 1, count: size)
                    .write(to: URL(fileURLWithPath: (folder / "files/\(number)").string))
            }
            let image = scratch / "bundle.img"
            try await BootstrapVolume.make(image, from: folder)
            let list = try await Tool("debugfs").run(["-R", "ls -p /files", image.string])
            #expect(list.split(separator: "\n").count == count + 2)
            let label = try await Tool("e2label").run([image.string])
            #expect(label == "bootstrap\n")
            _ = try await Tool("e2fsck").run(["-fn", image.string])
        }
    }
}
