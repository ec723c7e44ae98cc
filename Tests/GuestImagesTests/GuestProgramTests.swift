import Foundation
import HostSupport
import Testing

/// The programs for guests, built by `make -C guest` and tried on this host, which is no PANDA guest.
@Suite(.serialized) struct GuestProgramTests {
    /// An architecture with the fields that its ELF header must have.
    struct Target: Sendable, CustomTestStringConvertible {
        let name: String
        let elfClass: UInt8
        let machine: UInt8
        let runner: [String]
        var testDescription: String { name }
    }

    static let targets = [
        Target(name: "i386", elfClass: 1, machine: 3, runner: []),
        Target(name: "x86_64", elfClass: 2, machine: 62, runner: []),
        Target(name: "arm", elfClass: 1, machine: 40, runner: ["qemu-arm"]),
    ]
    /// Those whose programs this host can run.
    static let runnable = targets.filter { target in
        #if arch(x86_64)
            target.runner.allSatisfy { Tool($0).path != nil }
        #else
            false
        #endif
    }

    private func program(_ name: String, _ target: Target) async throws -> HostPath {
        try await Tool("make", package: "make").run(["-C", (sourceTree / "guest").string])
        return sourceTree / ".build/guest/\(name)-\(target.name)"
    }

    private func run(_ name: String, _ target: Target, _ arguments: [String]) async throws -> ToolOutput {
        let command = target.runner + [try await program(name, target).string] + arguments
        return try await Tool(command[0]).output(Array(command.dropFirst()))
    }

    @Test(arguments: targets, ["recctrlu", "recorded-login", "renew"])
    func programsAreSmallAndStatic(_ target: Target, _ name: String) async throws {
        let bytes = [UInt8](try FileSystem.read(try await program(name, target)))
        #expect(bytes.count < 12_000)
        #expect(Array(bytes.prefix(4)) == [0x7F, 0x45, 0x4C, 0x46])
        #expect(bytes[4] == target.elfClass)
        #expect(bytes[5] == 1)
        #expect(bytes[18] == target.machine)
        // Segment types 2 and 3 ask for a dynamic loader.
        let (start, size) = target.elfClass == 2 ? (Int(bytes[32]), 56) : (Int(bytes[28]), 32)
        let types = (0..<Int(bytes[target.elfClass == 2 ? 56 : 44])).map { bytes[start + $0 * size] }
        #expect(types.contains(1))
        #expect(!types.contains(2) && !types.contains(3))
    }

    @Test(arguments: runnable, ["toggle", "open_session", "close_session"])
    func recctrluSaysThatThisIsNoPandaGuest(_ target: Target, _ action: String) async throws {
        let result = try await run("recctrlu", target, [action, "some name"])
        #expect(result.status == .exited(1))
        #expect(result.standardOutput.isEmpty)
        #expect(result.standardError.contains("this is no PANDA guest"))
    }

    @Test(arguments: runnable, [[], ["toggle"], ["start", "name"], ["toggle", "a", "b"]])
    func recctrluExplainsItsUsage(_ target: Target, _ arguments: [String]) async throws {
        let result = try await run("recctrlu", target, arguments)
        #expect(result.status == .exited(1))
        #expect(result.standardError.hasPrefix("Syntax: "))
        #expect(result.standardError.contains("<toggle|open_session|close_session>"))
    }

    @Test(arguments: runnable, ["", "a\tb", "caf\u{E9}", String(repeating: "n", count: 128)])
    func recctrluRefusesNamesThatRecctrlWould(_ target: Target, _ name: String) async throws {
        let result = try await run("recctrlu", target, ["toggle", name])
        #expect(result.status == .exited(1))
        #expect(result.standardError.contains("1 to 127 printable ASCII characters"))
    }

    /// Nothing is changed here: it looks at its arguments first, and at its seed before it sets the time.
    @Test(
        arguments: runnable,
        [
            [], ["1"], ["1", "2"], ["1", "2", "3", "4"], ["x", "0", "0"], ["", "0", "0"], ["-1", "0", "0"],
            ["2147483648", "0", "0"], ["1", "99999999999", "0"], ["1", "0", "-1"],
        ]
    )
    func renewExplainsItsUsage(_ target: Target, _ arguments: [String]) async throws {
        let result = try await run("renew", target, arguments)
        #expect(result.status == .exited(1))
        #expect(result.standardError.hasPrefix("Syntax: renew"))
    }

    @Test(arguments: runnable)
    func renewWantsASeed(_ target: Target) async throws {
        let result = try await run("renew", target, ["1", "0", "0"])
        #expect(result.status == .exited(1))
        #expect(result.standardError.contains("no seed on standard input"))
    }

    /// Whatever shell the caller of these tests has, or none: `env` settles it.
    @Test(
        arguments: runnable,
        [["SHELL=/usr/local/bin/recorded-login", "/bin/sh"], ["--unset=SHELL", "none"]]
    )
    func theLoginShellIsTheShellWhereNothingIsToBeRecorded(_ target: Target, _ shell: [String]) async throws {
        let script = "echo $0 $1 ${SHELL-none}; echo oops >&2; exit 5"
        let login = target.runner + [try await program("recorded-login", target).string]
        let result = try await Tool("env").output([shell[0]] + login + ["-c", script, "zero", "one"])
        #expect(result.status == .exited(5))
        #expect(result.standardOutput == "zero one \(shell[1])\n")
        #expect(result.standardError == "oops\n")
    }
}
