import Foundation
import HostSupport
import TestSupport

/// An image of a few megabytes, made of the tiny guest's files: busybox, an ssh server, root, a user, and an init that does
/// as little as one can. It stands for any image where the engine does not matter.
actor SmallImage {
    static let shared = SmallImage()
    static let name = "localhost/pandacap-small"

    private var made: [TestedRuntime: Task<Void, any Error>] = [:]

    /// Makes the image, once for each runtime.
    func ready(for runtime: TestedRuntime) async throws {
        let task = made[runtime] ?? Task { try await Self.make(for: runtime) }
        made[runtime] = task
        try await task.value
    }

    private static let start = """
        #!/bin/sh
        for script in /etc/my_init.d/*; do
            [ ! -x "$script" ] || "$script" || exit
        done
        bundle=/opt/panda/share/bootstrap/bootstrap.sh
        [ ! -x "$bundle" ] || "$bundle" || exit
        shift
        exec "$@"

        """

    private static func make(for runtime: TestedRuntime) async throws {
        let home = try await Lab.shared.ready().home
        try await withScratch { folder in
            let root = folder / "root"
            for path in ["etc/my_init.d", "home/panda", "opt/panda/share/rr", "root", "sbin", "tmp", "usr"] {
                try FileSystem.createDirectory(root / path)
            }
            try await Tool("cpio").run(
                ["--quiet", "-idm", "-F", (home / "images/tiny/initrd").string],
                workingDirectory: root
            )
            let applets = try await Tool((root / "bin/busybox").string).run(["--list"])
            for applet in applets.split(separator: "\n") where applet != "busybox" {
                try FileManager.default.createSymbolicLink(
                    atPath: (root / "bin/\(applet)").string,
                    withDestinationPath: "busybox"
                )
            }
            try FileSystem.write(
                "root:x:0:0::/root:/bin/sh\npanda:x:1000:1000::/home/panda:/bin/sh\n",
                to: root / "etc/passwd"
            )
            try FileSystem.write("root:x:0:\npanda:x:1000:\n", to: root / "etc/group")
            try FileSystem.write("root:*:1::::::\npanda:*:1::::::\n", to: root / "etc/shadow")
            try FileSystem.write(start, to: root / "sbin/my_init")
            try FileSystem.setMode(root / "sbin/my_init", 0o755)
            let tar = (folder / "root.tar").string
            try await Tool("tar").run(["--owner=0", "--group=0", "-cf", tar, "-C", root.string, "."])
            _ = try? await runtime("image", "rm", "--force", name)
            try await runtime(
                "import",
                "--change",
                "LABEL org.pandacap.kind=image",
                "--change",
                "LABEL org.pandacap.engine.i386=/opt/panda/lib/libpanda-i386.so",
                "--change",
                "ENV PANDA_PATH=/opt/panda",
                "--change",
                "WORKDIR /opt/panda/share/rr",
                "--change",
                #"CMD ["/bin/sh", "-c", "trap exit TERM; sleep 1000 & wait"]"#,
                tar,
                name
            )
        }
    }
}

/// What tests of containers stand on: the program with a runtime, the small image, and names that are gone afterwards.
struct ContainerBench {
    let runtime: TestedRuntime
    let pandacap: Pandacap
    let folder: HostPath
    /// What the names of this test's containers begin with.
    let prefix: String

    /// The full name of a container of this test.
    func name(_ short: String) -> String { "\(prefix)-\(short)" }

    /// Starts a container of the small image, whose command is to sleep.
    func start(_ short: String, _ words: String...) async throws {
        try await start(short, words)
    }

    /// Starts a container of the small image.
    func start(_ short: String, _ words: [String], command: [String] = []) async throws {
        let arguments = ["run", "--detach", "--name", name(short)] + words + [SmallImage.name] + command
        try await Tool(runtime.rawValue).run(arguments, environment: try await runtime.environment)
    }

    /// Runs a command of the runtime's, whatever comes of it.
    func ask(_ words: String...) async throws -> ToolOutput {
        try await Tool(runtime.rawValue).output(words, environment: try await runtime.environment)
    }
}

/// Gives `body` a bench, and removes its containers and networks afterwards.
func withContainers(
    _ runtime: TestedRuntime,
    _ body: (ContainerBench) async throws -> Void
) async throws {
    try await SmallImage.shared.ready(for: runtime)
    let environment = try await runtime.environment
    try await withScratch { folder in
        var pandacap = Pandacap(home: folder / "home")
        pandacap.environment = environment
        let prefix = "pandacap-lab-\(UInt32.random(in: 1_000_000 ... 9_999_999))"
        let bench = ContainerBench(runtime: runtime, pandacap: pandacap, folder: folder, prefix: prefix)
        let result = await Result { try await body(bench) }
        let left = try await runtime("ps", "--all", "--quiet", "--filter", "name=\(prefix)")
            .split(whereSeparator: \.isNewline).map(String.init)
        if !left.isEmpty {
            _ = try await Tool(runtime.rawValue).output(
                ["rm", "--force", "--volumes"] + left,
                environment: environment
            )
        }
        let networks = try await runtime("network", "ls", "--quiet", "--filter", "name=\(prefix)")
            .split(whereSeparator: \.isNewline).map(String.init)
        if !networks.isEmpty {
            _ = try await Tool(runtime.rawValue).output(
                ["network", "rm"] + networks,
                environment: environment
            )
        }
        try result.get()
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
