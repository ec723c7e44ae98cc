import Fleets
import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

/// A fleet of resumed guests in an empty folder, and a visitor whom they let in.
struct FleetLab: Sendable {
    let pandacap: Pandacap
    /// Where the fleet's file, its collection and the visitor's key lie.
    let folder: HostPath

    var collection: HostPath { folder / "traces" }
    var file: HostPath { folder / "fleet.yaml" }
    var status: FleetStatus? {
        try? FleetStatus.read(from: FleetFolder(collection: collection, name: "trial"))
    }

    /// The records of all runs.
    var records: [RunRecord] {
        FileSystem.list(collection / "runs").compactMap {
            try? RunRecord.read(from: RunFolder(collection / "runs/\($0)"))
        }
    }

    /// Writes the fleet's file, with further lines, and what lets the visitor in.
    init(_ pandacap: Pandacap, _ folder: HostPath, slots: Int, _ lines: String = "") async throws {
        self.pandacap = pandacap
        self.folder = folder
        try await Tool("ssh-keygen").run(["-q", "-t", "ed25519", "-N", "", "-f", (folder / "id").string])
        let scripts = folder / "visitors/scripts"
        try FileSystem.createDirectory(scripts)
        try FileSystem.createDirectory(folder / "visitors/files")
        try FileSystem.copy(folder / "id.pub", to: folder / "visitors/files/visitor.pub")
        try FileSystem.write(
            "#!/bin/sh\ncat \"$BOOTSTRAP_FILES_DIR/visitor.pub\" >> /root/.ssh/authorized_keys\n",
            to: scripts / "vm_10_key.sh",
            mode: 0o755
        )
        let image = try await ResumedGuest.shared.name()
        try FileSystem.write(
            """
            schema: 1
            name: trial
            image: \(image)
            bootstrap: ./visitors
            trigger: login
            slots: \(slots)
            budget: {reserve: 64M}
            \(lines)

            """,
            to: file
        )
    }

    /// Runs the fleet beside `body`, and drains it afterwards.
    ///
    /// - Parameters:
    ///   - further: Further arguments of `fleet up`.
    ///   - body: What to do while it runs.
    /// - Returns: What `body` returned, and how the fleet ended.
    /// - Throws: What `body` throws.
    func up<Result: Sendable>(
        _ further: [String] = [],
        body: (ChildProcess) async throws -> Result
    ) async throws -> (result: Result, status: HostSupport.ExitStatus) {
        try await pandacap.beside(["fleet", "up", file.string, "--json"] + further, in: folder, body: body)
    }

    /// Waits until something is true of the fleet's status.
    func wait(
        _ what: String,
        for limit: Duration = .seconds(90),
        until holds: (FleetStatus) -> Bool
    ) async throws {
        let answer = try await poll(for: limit, every: .milliseconds(100)) { () -> Bool? in
            status.map(holds) == true ? true : nil
        }
        #expect(answer == true, "\(what); \(words(of: folder)); \(status.map { "\($0)" } ?? "no status")")
    }

    /// The port of a slot whose guest waits for a visitor.
    func port(of slot: Int) async throws -> UInt16 {
        let port = try await poll(for: .seconds(90), every: .milliseconds(50)) { () -> UInt16? in
            guard let slot = status?.slots[slot], slot.state == .ready else { return nil }
            return slot.port
        }
        return try #require(port, "\(words(of: folder))")
    }

    /// Logs in to a slot's guest and runs a command.
    func visit(_ slot: Int, _ command: String) async throws -> ToolOutput {
        try await visit(port: try await port(of: slot), command)
    }

    /// Logs in at a port and runs a command.
    func visit(port: UInt16, _ command: String) async throws -> ToolOutput {
        try await Tool("ssh", package: "openssh-client").output(
            [
                "-F", "none", "-i", (folder / "id").string, "-o", "StrictHostKeyChecking=no", "-o",
                "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-p", "\(port)", "root@127.0.0.1",
                command,
            ]
        )
    }

    /// The engines that record or replay a run of this collection.
    func engines() async throws -> [String] {
        let list = try await Tool("ps", package: "procps").output(["-eo", "pid,args"]).standardOutput
        return list.split(separator: "\n").map(String.init)
            .filter { $0.contains("panda") && $0.contains(collection.string + "/runs/") }
    }
}

/// A fleet's folder in the lab.
func withFleet(
    slots: Int,
    _ lines: String = "",
    _ body: (FleetLab) async throws -> Void
) async throws {
    try await withLab { pandacap, folder in
        try await body(try await FleetLab(pandacap, folder, slots: slots, lines))
    }
}
