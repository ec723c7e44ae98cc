import Foundation
import Testing

@testable import QMP

@Suite struct StockQEMUTests {
    private static let emulator = "qemu-system-x86_64"

    private static var isInstalled: Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(emulator)")
        }
    }

    @Test(.enabled(if: isInstalled, "qemu-system-x86_64 is not on PATH"), .timeLimit(.minutes(1)))
    func realEmulator() async throws {
        let path = temporarySocketPath()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [Self.emulator, "-S", "-machine", "none", "-display", "none", "-nodefaults"]
            + ["-qmp", "unix:\(path),server=on,wait=off"]
        try process.run()
        defer {
            process.terminate()
            unlink(path)
        }
        let client = try await QMPClient.connect(to: path, timeout: .seconds(20))
        #expect(try await client.queryVersion() == client.version)
        #expect(try await client.queryStatus() == MachineStatus(isRunning: false, state: .prelaunch))
        #expect(try await client.queryCommands().isSuperset(of: ["quit", "stop", "cont"]))
        #expect(try await client.humanMonitorCommand("info status").hasPrefix("VM status: paused"))
        if try await !client.queryCommands().contains("begin_record") {
            let error = try await #require(throws: QMPError.self) {
                try await client.beginRecord(fileName: "/nowhere")
            }
            #expect(error.message.contains("is not PANDA"))
        }
        try await client.quit()
        var names: [String] = []
        for await event in client.events {
            names.append(event.name)
        }
        #expect(names.contains("SHUTDOWN"))
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
