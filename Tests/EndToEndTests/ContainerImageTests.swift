import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@Suite("The image of the engine", .serialized)
struct ContainerImageTests {
    /// What `pandacap container build --json` tells.
    private struct Built: Decodable {
        struct Layer: Decodable, Equatable {
            let name: String
            let cached: Bool?
        }

        struct Program: Decodable {
            let architecture: String
            let path: String
            let sha256: String
        }

        struct Package: Decodable {
            let name: String
            let version: String
        }

        let id: String
        let size: UInt64
        let layers: [Layer]
        let engines: [Program]
        let packages: [Package]

        var cached: [Bool?] { layers.map(\.cached) }
    }

    private func build(_ runtime: TestedRuntime, _ arguments: String...) async throws -> Built {
        _ = try await builtImage(runtime)
        let output = try await run(runtime, arguments + ["--json"])
        #expect(output.status == .exited(0), "\(output.standardError)")
        return try JSONText.decode(Built.self, from: Data(output.standardOutput.utf8), source: "the report")
    }

    private func run(_ runtime: TestedRuntime, _ arguments: [String]) async throws -> ToolOutput {
        try await pandacap(runtime)(
            ["container", "build", "--engine", "managed", "--base", "mmdebstrap"] + arguments
        )
    }

    private func pandacap(_ runtime: TestedRuntime) async throws -> Pandacap {
        var pandacap = try await Lab.shared.ready()
        pandacap.environment = try await runtime.environment
        return pandacap
    }

    @Test("the engine runs in it, and is the one that was put there", arguments: TestedRuntime.allCases)
    func engine(runtime: TestedRuntime) async throws {
        let image = try await builtImage(runtime)
        let version = try await runtime("run", "--rm", image, "panda-system-x86_64", "-version")
        #expect(version.contains("QEMU emulator version 2.9.1"))
        let help = try await runtime("run", "--rm", image, "panda-system-ppc", "-help")
        #expect(help.contains("-panda "))
        let label = try await runtime(
            "image",
            "inspect",
            "--format",
            "{{index .Config.Labels \"org.pandacap.engine.x86_64\"}}",
            image
        ).trimmingCharacters(in: .whitespacesAndNewlines)
        let inside = try await runtime("run", "--rm", image, "sha256sum", label)
        let home = try await Lab.shared.ready().home
        let outside = try await Tool("sha256sum").run([
            (home / "engines/pandare-0.1.1.5/data/x86_64-softmmu/libpanda-x86_64.so").string
        ])
        #expect(inside.prefix(64) == outside.prefix(64))
        // All that the engine and its plugins need is there.
        let needs = try await runtime(
            "run",
            "--rm",
            "--env",
            "LD_LIBRARY_PATH=/opt/panda/lib:/opt/panda/data/x86_64-softmmu/panda/plugins",
            image,
            "find",
            "/opt/panda/lib",
            "/opt/panda/libexec",
            "/opt/panda/data/x86_64-softmmu",
            "-type",
            "f",
            "!",
            "-name",
            "*.bc",
            "!",
            "-name",
            "*.conf",
            "-exec",
            "ldd",
            "{}",
            "+"
        )
        #expect(needs.contains("libgtk-3.so.0 => /"))
        let missing = needs.split(separator: "\n").filter { $0.contains("not found") }
        #expect(missing.isEmpty)
    }

    @Test("it has what the engine needs and nothing else", arguments: TestedRuntime.allCases)
    func contents(runtime: TestedRuntime) async throws {
        let image = try await builtImage(runtime)
        let look = """
            for name in gcc cc g++ make perl5.36 python3 sshd systemctl curl; do command -v $name; done
            find / -xdev '(' -name '*.h' -o -name '*.a' -o -name 'id_*' -o -name '*.deb' -o -name .wh.* ')' -print
            find /var/lib/apt/lists /var/cache/apt /var/tmp /tmp /usr/share/icons -mindepth 1
            true
            """
        #expect(try await runtime("run", "--rm", image, "sh", "-c", look) == "")
        let user = try await runtime(
            "run",
            "--rm",
            image,
            "sh",
            "-c",
            "id panda; getent passwd panda; getent shadow panda; stat -c %U . ~panda"
        )
        let lines = user.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("uid=1000(panda) gid=1000(panda)") == true, "\(user)")
        #expect(lines.contains("panda:x:1000:1000::/home/panda:/bin/bash"))
        #expect(lines.contains { $0.hasPrefix("panda:!:") }, "no password")
        #expect(
            lines.suffix(2) == ["panda", "panda"],
            "the folder of recordings and the home are the user's"
        )
    }

    @Test("its init runs the steps, then the command as it is", arguments: TestedRuntime.allCases)
    func initialisation(runtime: TestedRuntime) async throws {
        let image = try await builtImage(runtime)
        let environment = try await runtime.environment
        func run(_ arguments: [String]) async throws -> ToolOutput {
            try await Tool(runtime.rawValue).output(["run", "--rm"] + arguments, environment: environment)
        }
        try await withScratch { folder in
            let steps = folder / "steps"
            try FileSystem.createDirectory(steps)
            try FileSystem.write("#!/bin/sh\necho one\n", to: steps / "10_one", mode: 0o755)
            try FileSystem.write("#!/bin/sh\necho no\n", to: steps / "20_none", mode: 0o644)
            try FileSystem.write("#!/bin/sh\nexit ${STATUS:-0}\n", to: steps / "30_maybe", mode: 0o755)
            try FileSystem.write("#!/bin/sh\necho two\n", to: steps / "40_two", mode: 0o755)
            let mount = ["--volume", "\(steps):/etc/my_init.d:ro"]
            let command = ["/sbin/my_init", "--", "/sbin/setuser", "panda", "sh", "-c", "id -un; exit 7"]
            let done = try await run(mount + [image] + command)
            #expect(done.standardOutput == "one\ntwo\npanda\n", "\(done.standardError)")
            #expect(done.status == .exited(7))
            let failed = try await run(mount + ["--env", "STATUS=9", image] + command)
            #expect(failed.standardOutput == "one\n")
            #expect(failed.status == .exited(9))
            #expect(failed.standardError.contains("30_maybe"))

            let bundle = folder / "bundle"
            try FileSystem.createDirectory(bundle)
            try FileSystem.write("#!/bin/sh\necho bundle\n", to: bundle / "bootstrap.sh", mode: 0o755)
            let mounted = try await run(
                ["--volume", "\(bundle):/opt/panda/share/bootstrap:ro", image, "/sbin/my_init", "--", "true"]
            )
            #expect(mounted.standardOutput == "bundle\n", "\(mounted.standardError)")
            let bare = try await run([image, "/sbin/my_init", "--", "true"])
            #expect(bare.status == .exited(0))
            #expect(bare.standardError.contains("no bundle is mounted at /opt/panda/share/bootstrap"))
        }
        let name = "pandacap-lab-\(runtime.rawValue)-idle-\(getpid())"
        try await runtime("run", "--detach", "--name", name, image)
        try await runtime("stop", "--time", "20", name)
        let status = try await runtime("inspect", "--format", "{{.State.ExitCode}}", name)
        try await runtime("rm", name)
        #expect(status == "0\n", "stopped, and not killed")
    }

    @Test("built again, all of it comes from the cache", arguments: TestedRuntime.allCases)
    func cache(runtime: TestedRuntime) async throws {
        let image = try await builtImage(runtime)
        let again = try await build(runtime, "--tag", image)
        #expect(again.cached == [true, true, true])
        #expect(again.layers.map(\.name) == ["dependencies", "bootstrap", "engine"])
        #expect(again.engines.count == 8)
        #expect(again.packages.contains { $0.name == "libgtk-3-0" && $0.version.hasPrefix("3.") })
        #expect(again.size > 100 << 20)
    }

    @Test("another bundle leaves the dependencies as they are, another engine the bundle's layer, too")
    func layers() async throws {
        let runtime = TestedRuntime.docker
        try await withScratch { folder in
            try Self.bundle(
                folder / "b",
                script: "#!/bin/sh\nmsg hello\ncp \"$BOOTSTRAP_FILES_DIR/note\" /etc/note\n"
            )
            try FileSystem.write("to {{ DOCKER_USER }}: {{ GREETING }}\n", to: folder / "b/files/note.j2")
            try FileSystem.write("data", to: folder / "added")
            let words = [
                "--tag", "pandacap-lab-bundle:1", "--bootstrap", (folder / "b").string, "--add",
                (folder / "added").string, "--set", "GREETING=good \"day\"",
            ]
            let first = try await run(runtime, words + ["--json"])
            let built = try JSONText.decode(
                Built.self,
                from: Data(first.standardOutput.utf8),
                source: "the report"
            )
            #expect(built.cached == [true, false, false])
            let image = "pandacap-lab-bundle:1"
            #expect(try await runtime("run", "--rm", image, "cat", "/etc/note") == "to panda: good \"day\"\n")
            let keys = try await runtime(
                "run",
                "--rm",
                image,
                "find",
                "/",
                "-xdev",
                "(",
                "-name",
                "id_ed25519*",
                "-o",
                "-name",
                "pandacap-bootstrap",
                ")",
                "-print"
            )
            #expect(keys.isEmpty)
            let fewer = try await run(runtime, words + ["--json", "--arch", "i386"])
            let small = try JSONText.decode(
                Built.self,
                from: Data(fewer.standardOutput.utf8),
                source: "the report"
            )
            #expect(small.cached == [true, true, false])
            #expect(small.engines.map(\.architecture) == ["i386"])
            #expect(small.size < built.size - (80 << 20))
            try await runtime("rmi", image)

            try Self.bundle(folder / "c", script: "#!/bin/sh\necho broken\nexit 3\n")
            let failed = try await run(runtime, ["--tag", image, "--bootstrap", (folder / "c").string])
            #expect(failed.status == .exited(78))
            #expect(failed.standardError.contains("the bundle's script 10_it.sh failed with status 3"))
        }
    }

    @Test("labels arrive as they are, whatever is in them", arguments: TestedRuntime.allCases)
    func labels(runtime: TestedRuntime) async throws {
        _ = try await builtImage(runtime)
        let text = "a \"b\" 'c' $HOME ${x} \\ back\\n\nnew line #é"
        let image = "pandacap-lab-label:1"
        let built = try await build(
            runtime,
            "--tag",
            image,
            "--set",
            "IMAGE_DESCRIPTION=\(text)",
            "--set",
            "IMAGE_MAINTAINER=A <a@example.org>"
        )
        #expect(built.cached == [true, true, true])
        let key = "org.opencontainers.image.description"
        let label = try await runtime(
            "image",
            "inspect",
            "--format",
            "{{index .Config.Labels \"\(key)\"}}",
            image
        )
        #expect(label == text + "\n")
        try await runtime("rmi", image)
    }

    @Test(
        "an installed program is taken as it is, with the libraries beside it; a plan is the same each time"
    )
    func installed() async throws {
        let runtime = TestedRuntime.docker
        _ = try await builtImage(runtime)
        try await withScratch { folder in
            let prefix = folder / "panda"
            for name in ["bin", "lib", "share/panda"] { try FileSystem.createDirectory(prefix / name) }
            try FileSystem.write("int answer(void) { return 42; }\n", to: folder / "a.c")
            try FileSystem.write(
                """
                #include <stdio.h>
                int answer(void);
                const char *firmware = "used.rom";
                int main(void) { printf("%d %s\\n", answer(), firmware); return 0; }

                """,
                to: folder / "b.c"
            )
            let library = prefix / "lib/libanswer.so.1"
            try await Tool("gcc").run([
                "-shared", "-fPIC", "-Wl,-soname,libanswer.so.1", "-o", library.string,
                (folder / "a.c").string,
            ])
            let program = prefix / "bin/panda-system-arm"
            try await Tool("gcc").run(["-o", program.string, (folder / "b.c").string, library.string])
            for name in ["used.rom", "other.rom"] {
                try FileSystem.write("x", to: prefix / "share/panda/\(name)")
            }
            let words = [
                "container", "build", "--engine", prefix.string, "--base", "mmdebstrap", "--tag",
                "pandacap-lab-installed:1",
            ]
            let plans = [
                try await pandacap(runtime)(words + ["--dry-run", "--json"]),
                try await pandacap(runtime)(words + ["--dry-run", "--json"]),
            ]
            #expect(plans[0].status == .exited(0), "\(plans[0].standardError)")
            #expect(plans[0].standardOutput == plans[1].standardOutput)
            let output = try await pandacap(runtime)(words)
            #expect(output.status == .exited(0), "\(output.standardError)")
            let image = "pandacap-lab-installed:1"
            #expect(try await runtime("run", "--rm", image, "panda-system-arm") == "42 used.rom\n")
            #expect(try await runtime("run", "--rm", image, "ls", "/opt/panda/share/panda") == "used.rom\n")
            try await runtime("rmi", image)
        }
    }

    @Test("interrupted, a build leaves nothing behind", arguments: TestedRuntime.allCases)
    func interrupt(runtime: TestedRuntime) async throws {
        _ = try await builtImage(runtime)
        let pandacap = try await pandacap(runtime)
        let before = try await containers(runtime)
        try await withScratch { folder in
            try Self.bundle(folder / "b", script: "#!/bin/sh\necho waits here\nsleep 600\n")
            let (_, status) = try await pandacap.beside(
                [
                    "container", "build", "-v", "--engine", "managed", "--base", "mmdebstrap", "--arch",
                    "i386",
                    "--tag", "pandacap-lab-never:1", "--bootstrap", (folder / "b").string,
                ],
                in: folder
            ) { child in
                let begun = try await poll(for: .seconds(120)) {
                    words(of: folder).contains("waits here") ? true : nil
                }
                #expect(begun == true, "\(words(of: folder))")
                child.signal(SIGINT)
                #expect(try await child.exit(within: .seconds(60)) == .exited(130))
            }
            #expect(status == .exited(130))
        }
        // Docker removes what it worked in when nobody waits for it any more.
        let after = try await poll(for: .seconds(30)) {
            try await containers(runtime).subtracting(before).isEmpty ? true : nil
        }
        #expect(after == true)
        let images = try await runtime("image", "ls", "--quiet", "pandacap-lab-never")
        #expect(images.isEmpty)
        #expect(
            !FileSystem.list(Storage.cache).contains {
                $0.hasPrefix(".scratch-") && FileSystem.exists(Storage.cache / $0 / "context")
            }
        )
    }

    private func containers(_ runtime: TestedRuntime) async throws -> Set<String> {
        let list =
            runtime == .docker ? ["ps", "--all", "--quiet"] : ["ps", "--all", "--external", "--quiet"]
        let text = try await Tool(runtime.rawValue).run(list, environment: try await runtime.environment)
        return Set(text.split(separator: "\n").map(String.init))
    }

    @Test("what cannot be built is refused before anything is begun, by its name")
    func refusals() async throws {
        let runtime = TestedRuntime.docker
        _ = try await builtImage(runtime)
        let packages = try await run(runtime, ["--set", "IMAGE_EXTRA_PACKAGES=tmux no-such-one no-such-two"])
        #expect(packages.status == .exited(66))
        #expect(packages.standardError.contains("'no-such-one', 'no-such-two'"))
        let name = try await run(runtime, ["--tag", "Not A Name"])
        #expect(name.status == .exited(64))
        #expect(name.standardError.contains("Not A Name"))
        let base = try await pandacap(runtime)("container", "build", "--base", "pandacap-lab-no-such-image:1")
        #expect(base.status == .exited(69))
        #expect(base.standardError.contains("pandacap-lab-no-such-image:1"))
        try await withScratch { folder in
            // Engines that lack a library, and that are for another machine.
            try await Tool("gcc").run([
                "-shared", "-x", "c", "-o", (folder / "libnowhere.so").string, "/dev/null",
            ])
            let engine = folder / "libpanda-i386.so"
            try await Tool("gcc").run([
                "-shared", "-x", "c", "-o", engine.string, "/dev/null", "-Wl,--no-as-needed", "-L\(folder)",
                "-lnowhere",
            ])
            let lacking = try await pandacap(runtime)(
                "container",
                "build",
                "--engine",
                engine.string,
                "--base",
                "mmdebstrap"
            )
            #expect(lacking.status == .exited(69))
            #expect(
                lacking.standardError.contains("\(engine) needs libnowhere.so"),
                "\(lacking.standardError)"
            )
            var bytes = try FileSystem.read(engine)
            bytes[18] = 183
            try FileSystem.write(bytes, to: engine)
            let foreign = try await pandacap(runtime)(
                "container",
                "build",
                "--engine",
                engine.string,
                "--base",
                "mmdebstrap"
            )
            #expect(foreign.status == .exited(69))
            #expect(foreign.standardError.contains("is made for arm64 machines"), "\(foreign.standardError)")
        }
    }

    private static func bundle(_ folder: HostPath, script: String) throws {
        try FileSystem.createDirectory(folder / "scripts")
        try FileSystem.createDirectory(folder / "files")
        try FileSystem.write(script, to: folder / "scripts/docker_10_it.sh", mode: 0o755)
        // What is the guest's is not rendered: nothing is known of a run here.
        try FileSystem.write("{{ RUN_SSH_PORT }}\n", to: folder / "scripts/vm_10_it.sh.j2", mode: 0o755)
    }
}
