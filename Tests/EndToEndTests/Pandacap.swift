import Foundation
import HostSupport
import RunRecords
import TestSupport

/// The built program, run as a user runs it.
struct Pandacap: Sendable {
    /// The folder of engines and images.
    var home: HostPath
    /// Further variables of its environment.
    var environment: [String: String] = [:]

    static var program: HostPath { Installation.executable.parent / "pandacap" }

    /// Runs a command to its end.
    func callAsFunction(_ arguments: String..., in folder: HostPath? = nil) async throws -> ToolOutput {
        try await self(arguments, in: folder)
    }

    /// Runs a command to its end.
    func callAsFunction(_ arguments: [String], in folder: HostPath? = nil) async throws -> ToolOutput {
        try await Tool(Self.program.string).output(
            arguments,
            environment: settings,
            workingDirectory: folder
        )
    }

    /// Runs a command beside `body`, its standard output and error in `folder`.
    func beside<Result: Sendable>(
        _ arguments: [String],
        in folder: HostPath,
        body: (ChildProcess) async throws -> Result
    ) async throws -> (result: Result, status: ExitStatus) {
        let command = LaunchCommand(
            executable: Self.program,
            arguments: arguments,
            environment: settings,
            workingDirectory: folder
        )
        return try await ChildProcess.run(
            command,
            log: folder / "stdout.txt",
            errorLog: folder / "stderr.txt",
            grace: .seconds(60),
            body: body
        )
    }

    private var settings: [String: String] {
        ["PANDACAP_HOME": home.string].merging(environment) { $1 }
    }
}

/// What every end-to-end test stands on: a home with the real engine and the tiny guests, made once.
actor Lab {
    static let shared = Lab()

    private var preparation: Task<Pandacap, any Error>?

    /// The program with everything in place.
    func ready() async throws -> Pandacap {
        let task = preparation ?? Task { try await Self.prepare() }
        preparation = task
        return try await task.value
    }

    /// Tests that run beside others share their engine with them, and nothing else.
    private static func home() throws -> HostPath {
        let build = try Installation.locate().root / ".build"
        let home = build / "lab"
        try FileSystem.createDirectory(home / "engines")
        guard let part = ProcessInfo.processInfo.environment["PANDACAP_TEST_PART"] else { return home }
        let own = build / "lab-\(part)"
        try FileSystem.createDirectory(own)
        if !FileSystem.exists(own / "engines") {
            try FileManager.default.createSymbolicLink(
                atPath: (own / "engines").string,
                withDestinationPath: (home / "engines").string
            )
        }
        return own
    }

    private static func prepare() async throws -> Pandacap {
        let pandacap = Pandacap(home: try home())
        for command in [
            ["engine", "install"], ["image", "build", "tiny"], ["image", "build", "tiny", "--arch", "i386"],
        ] {
            let output = try await Tool(Pandacap.program.string).output(
                command,
                environment: ["PANDACAP_HOME": pandacap.home.string]
            )
            guard output.status == .exited(0) else {
                throw Failure(
                    .unavailable,
                    "'pandacap \(shellLine(command))' failed: \(output.standardError)"
                )
            }
        }
        return pandacap
    }
}

/// The program with everything in place, and an empty folder that is gone when the test is over.
func withLab(_ body: (Pandacap, HostPath) async throws -> Void) async throws {
    let pandacap = try await Lab.shared.ready()
    try await withScratch { folder in try await body(pandacap, folder) }
}

/// The only run of a collection.
func onlyRun(in collection: HostPath) throws -> (record: RunRecord, folder: RunFolder) {
    let names = FileSystem.list(collection / "runs")
    guard let name = names.first, names.count == 1 else {
        throw Failure(.notFound, "\(collection) has \(names.count) runs instead of one")
    }
    let folder = RunFolder(collection / "runs" / name)
    return (try RunRecord.read(from: folder), folder)
}

/// What a program that was run beside a test wrote to its standard error.
func words(of folder: HostPath) -> String {
    (try? FileSystem.readText(folder / "stderr.txt")) ?? "nothing"
}
