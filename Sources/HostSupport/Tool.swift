import Foundation
import Subprocess
import SystemPackage

/// What a tool that ran to its end left behind.
public struct ToolOutput: Sendable {
    /// How it ended.
    public let status: ExitStatus
    /// What it wrote to its standard output.
    public let standardOutput: String
    /// What it wrote to its standard error.
    public let standardError: String
}

/// A program of the host, run to its end with an argument vector and never through a shell.
public struct Tool: Sendable {
    /// The program's name or path.
    public let name: String
    /// The Debian package that has it, for the hint where it is missing.
    public let package: String?

    /// Describes a program.
    public init(_ name: String, package: String? = nil) {
        self.name = name
        self.package = package
    }

    /// Where the program lies, or nothing where it is not on `PATH` or in the administrator's folders.
    public var path: HostPath? {
        if name.contains("/") {
            let path = HostPath(name)
            return FileSystem.isExecutable(path) ? path : nil
        }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(
            String.init
        )
        return (folders + ["/usr/local/sbin", "/usr/sbin", "/sbin"]).lazy
            .map { HostPath($0) / name }
            .first(where: FileSystem.isExecutable)
    }

    /// Where the program lies.
    ///
    /// - Returns: Its path.
    /// - Throws: ``Failure`` with ``Failure/Code/unavailable``, saying how to get it.
    public func located() throws -> HostPath {
        if let path { return path }
        throw Failure(
            .unavailable,
            "cannot find the program '\(name)' on PATH",
            hint: package.map { "install the Debian package '\($0)' (make setup does)" }
        )
    }

    /// Runs the program and returns what it wrote, whatever its exit status.
    ///
    /// - Parameters:
    ///   - arguments: The argument vector without the program's name.
    ///   - environment: Variables to set over those of this process.
    ///   - workingDirectory: Where it starts; this process's folder by default.
    ///   - input: Its standard input.
    ///   - limit: The most bytes that each of its outputs may have.
    /// - Returns: Its status and output.
    /// - Throws: ``Failure`` where it is missing or cannot be started, or where it writes more than `limit`.
    public func output(
        _ arguments: [String],
        environment: [String: String] = [:],
        workingDirectory: HostPath? = nil,
        input: String = "",
        limit: Int = 64 << 20
    ) async throws -> ToolOutput {
        let program = try located()
        do {
            let result = try await Subprocess.run(
                .path(FilePath(program.string)),
                arguments: Arguments(arguments),
                environment: .inherit.updating(environment.subprocessSettings),
                workingDirectory: workingDirectory.map { FilePath($0.string) },
                input: .string(input),
                output: .data(limit: limit),
                error: .data(limit: limit)
            )
            try Task.checkCancellation()
            return ToolOutput(
                status: ExitStatus(result.terminationStatus),
                standardOutput: String(decoding: result.standardOutput, as: UTF8.self),
                standardError: String(decoding: result.standardError, as: UTF8.self)
            )
        } catch let error as SubprocessError {
            throw Failure(.system, "cannot run \(shellLine([program.string] + arguments))", cause: error)
        }
    }

    /// Runs the program at this process's terminal, until it ends by itself.
    ///
    /// - Parameter arguments: The argument vector without the program's name.
    /// - Returns: How it ended.
    /// - Throws: ``Failure`` where it is missing or cannot be started.
    public func runAtTerminal(_ arguments: [String]) async throws -> ExitStatus {
        let program = try located()
        do {
            let result = try await Subprocess.run(
                .path(FilePath(program.string)),
                arguments: Arguments(arguments),
                input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
                output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
            )
            return ExitStatus(result.terminationStatus)
        } catch let error as SubprocessError {
            throw Failure(.system, "cannot run \(shellLine([program.string] + arguments))", cause: error)
        }
    }

    /// Runs the program and expects it to succeed.
    ///
    /// - Parameters:
    ///   - arguments: The argument vector without the program's name.
    ///   - environment: Variables to set over those of this process.
    ///   - workingDirectory: Where it starts; this process's folder by default.
    ///   - input: Its standard input.
    /// - Returns: What it wrote to its standard output.
    /// - Throws: ``Failure`` with the command line, the exit status or signal and the last lines of its output.
    @discardableResult
    public func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        workingDirectory: HostPath? = nil,
        input: String = ""
    ) async throws -> String {
        let result = try await output(
            arguments,
            environment: environment,
            workingDirectory: workingDirectory,
            input: input
        )
        guard result.status == .exited(0) else {
            let said = result.standardError.isEmpty ? result.standardOutput : result.standardError
            let tail = said.split(whereSeparator: \.isNewline).suffix(20).map { "  \($0)" }.joined(
                separator: "\n"
            )
            throw Failure(
                .system,
                "\(shellLine([name] + arguments)) \(result.status)" + (tail.isEmpty ? "" : ":\n\(tail)")
            )
        }
        return result.standardOutput
    }
}

extension [String: String] {
    /// The variables in the form that `Subprocess.Environment` takes.
    var subprocessSettings: [Environment.Key: String?] {
        [Environment.Key: String?](
            uniqueKeysWithValues: map { (Environment.Key(stringLiteral: $0), Optional($1)) }
        )
    }
}
