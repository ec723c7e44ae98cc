import Foundation
import HostSupport

/// A stand-in for the deposit interface of Zenodo: a program of the tests, on this machine's loopback.
struct DepositStandIn: Sendable {
    /// Where it keeps what it was asked.
    let folder: HostPath
    /// Its address.
    let address: String

    /// Starts one, and ends it behind `body`.
    static func run<Result: Sendable>(
        in folder: HostPath,
        body: (DepositStandIn) async throws -> Result
    ) async throws -> Result {
        try FileSystem.createDirectory(folder)
        let script = try Installation.locate().root / "Tests/EndToEndTests/Fixtures/deposit-stand-in.py"
        let command = LaunchCommand(
            executable: try Tool("python3").located(),
            arguments: [script.string, folder.string],
            workingDirectory: folder
        )
        return try await ChildProcess.run(command, log: folder / "log", grace: .milliseconds(100)) { _ in
            let port = try await poll(for: .seconds(20)) {
                FileSystem.exists(folder / "port") ? try? FileSystem.readText(folder / "port") : nil
            }
            guard let port else { throw Failure(.unavailable, "the stand-in did not start") }
            return try await body(DepositStandIn(folder: folder, address: "http://127.0.0.1:\(port)"))
        }.result
    }

    /// Lets requests fail: `METHOD PATH-PART WHAT` each.
    func fail(_ failures: String...) throws {
        try FileSystem.write(failures.map { $0 + "\n" }.joined(), to: folder / "failures")
    }

    /// What it was asked so far.
    func requests() throws -> [String] {
        try FileSystem.readText(folder / "requests").split(separator: "\n").map(String.init)
    }
}
