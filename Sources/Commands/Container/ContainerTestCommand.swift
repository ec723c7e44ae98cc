import ArgumentParser
import Bootstrap
import Containers
import Foundation
import Glibc
import HostSupport
import RunRecords

struct ContainerTestCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Start a container to look around in an image; it is removed when you leave",
        discussion: """
            The image's init runs first, with the container's side of the bundle that RUNTIME_BOOTSTRAP names, \
            mounted read-only where it looks for one; what it prints is shown. If it comes through, you get a login \
            shell, or the command behind '--'; the exit status is its. With --detach the container stays, and its \
            name is printed: 'pandacap container shell NAME' and 'ssh NAME' lead into it.

            Examples:
              $ pandacap container test
              $ pandacap container test demo --bootstrap ssh-honeypot-alt --detach
              $ pandacap container test -- ls -l /opt/panda
            """
    )

    @Argument(
        help: "What to call the container, and what it calls itself; a name is made up where there is none."
    )
    var name: String?

    @Option(help: "The image, instead of IMAGE_NAME.")
    var image: String?

    @Option(help: "The network that it is connected to; the runtime's own choice where there is none.")
    var network: String?

    @Option(
        help: ArgumentHelp(
            "The bundle that it is handed, instead of RUNTIME_BOOTSTRAP; an empty one is none.",
            valueName: "bundle"
        )
    )
    var bootstrap: String?

    @Option(help: "Who gets the shell: a user's name or number in the container.")
    var user = "root"

    @Flag(help: "Leave the container running, and print its name.")
    var detach = false

    @Argument(parsing: .postTerminator, help: "A command that is run instead of a shell.")
    var command: [String] = []

    @OptionGroup(title: "Bundle options") var bundle: BundleOptions

    @Flag(help: "Show the command of the container, and do nothing.")
    var dryRun = false

    @OptionGroup var runtime: ContainerRuntimeOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if detach, !command.isEmpty {
            throw ValidationError(
                "a container that stays takes no command: leave out --detach, or the command"
            )
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let variables = try bundle.variables.read(console)
        let test = try TestContainer(
            name: name,
            image: try image ?? value("IMAGE_NAME", in: variables),
            network: network,
            pandaPath: HostPath(try value("PANDA_PATH", in: variables))
        )
        let renderer = try renderer(for: test, variables, console)
        let runtime = try await runtime.find()
        if dryRun {
            let words = test.plannedWords(by: runtime, hasBundle: renderer != nil, home: Storage.home)
            let folder = HostPath(FileManager.default.currentDirectoryPath)
            try print(
                TestPlanReport(
                    command: LaunchCommand(
                        executable: runtime.program,
                        arguments: words,
                        workingDirectory: folder
                    )
                )
            )
            return 0
        }
        return try await Interrupts.cancelling { try await start(test, renderer, runtime, console) }
    }

    private func start(
        _ test: TestContainer,
        _ renderer: BundleRenderer?,
        _ runtime: ContainerRuntime,
        _ console: Console
    ) async throws -> Int32 {
        console.step("starting \(test.name): \(test.image)")
        let running = try await test.start(
            by: runtime,
            bundle: renderer,
            home: Storage.home,
            environment: ProcessInfo.processInfo.environment,
            console: console
        )
        if detach {
            console.step("end it with '\(runtime.kind.rawValue) rm --force \(test.name)'")
            try print(TestReport(name: test.name, image: test.image))
            return 0
        }
        do {
            let shell = ContainerShell(
                in: try await runtime.container(named: test.name),
                as: user,
                isTerminal: isatty(STDIN_FILENO) == 1
            )
            let words =
                command.isEmpty
                ? shell.words(ofLoginShell: try await shell.shell(.any, by: runtime))
                : shell.words(running: command)
            let status = try await runtime.tool.runAtTerminal(words)
            await running.end()
            return status.shellCode
        } catch {
            await running.end()
            throw error
        }
    }

    private func renderer(
        for test: TestContainer,
        _ variables: Variables,
        _ console: Console
    ) throws -> BundleRenderer? {
        let installation = try Installation.locate()
        let found: BootstrapBundle
        if let bootstrap {
            guard !bootstrap.isEmpty else { return nil }
            found = try BootstrapBundle.find(bootstrap, in: installation)
        } else {
            guard let named = try variables.bundle("RUNTIME_BOOTSTRAP", in: installation) else { return nil }
            found = named
        }
        for warning in found.warnings { console.warning(warning) }
        return try BundleRenderer(
            found,
            values: RunFacts(runID: test.name).values(with: variables),
            adding: bundle.add.map { FileSystem.absolute(HostPath($0)) },
            installation: installation
        )
    }

    private func value(_ key: String, in variables: Variables) throws -> String {
        guard let value = variables[key], !value.isEmpty else {
            throw Failure(.configuration, "nobody sets \(key)", hint: "set it with --set \(key)=VALUE")
        }
        return value
    }
}

/// A container that stays.
private struct TestReport: Report {
    let name: String
    let image: String

    var text: String { name }
}

/// The command of a container that is not started.
private struct TestPlanReport: Report {
    let command: LaunchCommand

    func encode(to encoder: any Encoder) throws { try command.encode(to: encoder) }

    var text: String { command.shellText }
}
