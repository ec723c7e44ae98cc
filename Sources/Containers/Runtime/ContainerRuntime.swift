public import Foundation
import Glibc
public import HostSupport

/// Docker or Podman, by the program that a user would type.
public struct ContainerRuntime: Sendable, Hashable, Codable {
    /// Which of the two it is.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case docker
        case podman

        /// The Debian package that has it.
        var package: String { self == .docker ? "docker.io" : "podman" }
    }

    /// Which of the two it is.
    public let kind: Kind
    /// The program.
    public let program: HostPath
    /// Whether its containers cannot have more rights than this user: it runs without root.
    public let isRootless: Bool

    /// Describes a runtime that answers.
    public init(kind: Kind, program: HostPath, isRootless: Bool) {
        self.kind = kind
        self.program = program
        self.isRootless = isRootless
    }

    /// The variable that names the runtime, where no option does.
    public static let variable = "PANDACAP_CONTAINER_RUNTIME"

    /// The runtime to use, after it was asked whether it answers.
    ///
    /// - Parameters:
    ///   - kind: Which one the user named; else ``variable`` does, else it is Docker where that answers, else Podman.
    ///   - environment: The environment of this process.
    /// - Returns: The runtime.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`, saying what is missing, or how to start the daemon.
    public static func find(
        _ kind: Kind? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> ContainerRuntime {
        if let kind { return try await ask(kind) }
        if let name = environment[variable], !name.isEmpty {
            guard let kind = Kind(rawValue: name) else {
                throw Failure(
                    .configuration,
                    "\(variable) is '\(name)', and there is no such runtime of containers",
                    hint: "it may be \(Kind.allCases.map(\.rawValue).joined(separator: " or "))"
                )
            }
            return try await ask(kind)
        }
        let present = Kind.allCases.filter { Tool($0.rawValue).path != nil }
        guard let first = present.first else {
            throw Failure(
                .unavailable,
                "cannot find a program that runs containers: neither 'docker' nor 'podman' is on PATH",
                hint: "install one of the Debian packages 'docker.io' and 'podman'"
            )
        }
        do {
            return try await ask(first)
        } catch let failure as Failure where present.count > 1 {
            do { return try await ask(.podman) } catch { throw failure }
        }
    }

    private static func ask(_ kind: Kind) async throws -> ContainerRuntime {
        let program = try Tool(kind.rawValue, package: kind.package).located()
        // The server's own fields make Docker's client ask it, which exits with 1 where there is none.
        let field = kind == .docker ? "{{.Server.Version}}" : "{{.Version}}"
        let answer = try await Tool(program.string).output(["version", "--format", field])
        guard answer.status == .exited(0) else {
            throw Failure(
                .unavailable,
                "\(program) does not answer: \(words(of: answer))",
                hint: kind == .docker ? startHint : "see whether '\(program) info' works"
            )
        }
        let isRootless =
            switch kind {
            case .docker:
                try await Tool(program.string).run(["info", "--format", "{{json .SecurityOptions}}"])
                    .contains("name=rootless")
            // It has no daemon, and is whoever calls it.
            case .podman: geteuid() != 0
            }
        return ContainerRuntime(kind: kind, program: program, isRootless: isRootless)
    }

    private static let startHint = """
        start Docker's daemon ('systemctl start docker', or 'dockerd' as root where there is no systemd), name \
        another with DOCKER_HOST, or use Podman, which needs none: \(variable)=podman
        """

    /// The program, to be run.
    public var tool: Tool { Tool(program.string) }

    /// Runs a command of the program's and expects it to succeed.
    ///
    /// - Parameter arguments: The argument vector without the program's name.
    /// - Returns: What it wrote to its standard output.
    /// - Throws: ``HostSupport/Failure`` with the program's own words.
    @discardableResult
    public func run(_ arguments: [String]) async throws -> String {
        let output = try await tool.output(arguments)
        guard output.status == .exited(0) else {
            throw Failure(
                .system,
                "'\(shellLine([kind.rawValue] + arguments))' \(output.status): \(Self.words(of: output))"
            )
        }
        return output.standardOutput
    }

    /// Runs a command that prints JSON, and reads it.
    ///
    /// - Parameters:
    ///   - type: What is expected.
    ///   - arguments: The argument vector without the program's name.
    /// - Returns: The value.
    /// - Throws: ``HostSupport/Failure`` with the program's own words, or naming the key that is at fault.
    public func read<Value: Decodable>(_ type: Value.Type, _ arguments: [String]) async throws -> Value {
        try JSONText.decode(
            type,
            from: Data(try await run(arguments).utf8),
            source: shellLine([kind.rawValue] + arguments)
        )
    }

    /// The last lines of what the program said, on one line.
    static func words(of output: ToolOutput) -> String {
        let said = output.standardError + output.standardOutput
        let lines = said.split(whereSeparator: \.isNewline).suffix(3).map { Console.printable(String($0)) }
        return lines.isEmpty ? "it says nothing" : lines.joined(separator: "; ")
    }
}
