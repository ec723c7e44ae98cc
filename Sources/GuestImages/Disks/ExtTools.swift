import DiskFiles
import Foundation
import HostSupport

/// The tools of e2fsprogs, run on a file system in a raw disk of our own.
struct ExtTools {
    let disk: HostPath
    let volume: DiskLayout.Volume

    /// The disk with the file system's place as the tools take it, for the disk's folder: a path with a question mark
    /// would be taken apart.
    private var device: String { "\(disk.name)?offset=\(volume.start)" }

    /// What lies where on a raw disk.
    static func layout(of disk: HostPath) throws -> DiskLayout {
        do throws(DiskFormatError) {
            return try DiskLayout(try RawDisk(path: disk.string))
        } catch {
            throw Failure(.badData, "the disk cannot be read: \(error)")
        }
    }

    /// Opens the file system for reading.
    func open() throws -> ExtFileSystem {
        do throws(DiskFormatError) {
            let region = try DiskRegion(
                try RawDisk(path: disk.string),
                start: volume.start,
                byteCount: volume.byteCount
            )
            return try ExtFileSystem(region)
        } catch {
            throw Self.failure(error, volume)
        }
    }

    /// Brings what waits in the journal into the file system.
    func replayJournal() async throws {
        guard try open().superblock.needsRecovery else { return }
        let output = try await check(["-y", "-E", "journal_only"])
        guard try !open().superblock.needsRecovery else {
            throw Self.damaged(volume, "its journal cannot be replayed", output)
        }
    }

    /// Repairs what can be repaired without asking, and gives back the room of what is free if that is wanted.
    func repair(discards: Bool) async throws {
        let output = try await check(["-f", "-y"] + (discards ? ["-E", "discard"] : []))
        // 1: there was something to repair.
        guard [.exited(0), .exited(1)].contains(output.status) else {
            throw Self.damaged(volume, "it cannot be repaired", output)
        }
    }

    /// Sees that nothing is wrong.
    func requireClean() async throws {
        let output = try await check(["-f", "-n"])
        guard output.status == .exited(0) else { throw Self.damaged(volume, "it is not clean", output) }
    }

    /// Carries out commands of debugfs.
    ///
    /// - Returns: What it said of those that failed.
    func edit(_ commands: [UInt8]) async throws -> String {
        let script = disk.parent / "commands"
        try FileSystem.write(Data(commands), to: script)
        defer { try? FileSystem.remove(script) }
        let output = try await DiskTools.debugfs.output(
            ["-w", "-f", script.name, device],
            workingDirectory: disk.parent
        )
        guard output.status == .exited(0) else { throw Self.damaged(volume, "debugfs failed", output) }
        return output.standardError
    }

    private func check(_ options: [String]) async throws -> ToolOutput {
        try await DiskTools.e2fsck.output(
            options + [device],
            environment: ["LC_ALL": "C"],
            workingDirectory: disk.parent
        )
    }

    static func failure(_ error: DiskFormatError, _ volume: DiskLayout.Volume) -> Failure {
        Failure(.badData, "the file system in \(name(of: volume)) cannot be read: \(error)")
    }

    static func name(of volume: DiskLayout.Volume) -> String {
        volume.partition.map { "partition \($0)" } ?? "the disk"
    }

    private static func damaged(
        _ volume: DiskLayout.Volume,
        _ problem: String,
        _ output: ToolOutput
    ) -> Failure {
        let said = (output.standardOutput + output.standardError).split(separator: "\n").suffix(8)
        return Failure(
            .badData,
            "the file system in \(name(of: volume)) is damaged, and \(problem):\n"
                + said.map { "  \($0)" }.joined(separator: "\n")
        )
    }
}
