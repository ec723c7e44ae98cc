import Foundation
import Glibc
public import HostSupport
public import RunRecords

/// Whether this host's processor can run guests by itself, which is tried and not assumed.
///
/// A `/dev/kvm` that is there may belong to a hypervisor that can start no guest: the engine then starts without complaint
/// and nothing happens in it.
public struct HardwareVirtualisation: Sendable {
    /// How long a kernel may take to start up; with hardware that works it takes a second or two.
    private static let patience = Duration.seconds(15)
    /// The device of the kernel.
    public static let device: HostPath = "/dev/kvm"

    private let engine: Engine
    private let cache: HostPath

    /// Prepares to find out.
    ///
    /// - Parameters:
    ///   - engine: The engine that is to run the guests.
    ///   - cache: Where the answer is kept for as long as this host runs, `Storage.cache` for the user's own.
    public init(engine: Engine, cache: HostPath) {
        self.engine = engine
        self.cache = cache
    }

    /// Starts a kernel under hardware virtualisation and sees whether it gets as far as looking for its first program.
    ///
    /// - Parameters:
    ///   - kernel: A Linux kernel of the engine's architecture.
    ///   - console: Where a step that takes seconds is told.
    /// - Returns: Why it does not work; nothing where it does.
    /// - Throws: ``HostSupport/Failure`` where the engine cannot be started at all; `CancellationError`.
    public func problem(kernel: HostPath, console: Console) async throws -> String? {
        guard access(Self.device.string, R_OK | W_OK) == 0 else {
            return "\(Self.device) cannot be opened: \(systemMessage(errno))"
        }
        let note = try Self.note(engine.architecture, in: cache)
        if let known = try? FileSystem.readText(note) { return known.isEmpty ? nil : known }
        let found = try await console.step("trying whether \(Self.device) runs guests") {
            try await self.tryIt(kernel)
        }
        try FileSystem.createDirectory(cache)
        try FileSystem.write(found ?? "", to: note)
        return found
    }

    /// What was found out since this host started, without trying it.
    ///
    /// - Parameters:
    ///   - architecture: The guests' architecture.
    ///   - cache: Where answers are kept.
    /// - Returns: Why it does not work, empty where it does; nothing where it was not tried.
    public static func known(of architecture: GuestArchitecture, in cache: HostPath) -> String? {
        (try? note(architecture, in: cache)).flatMap { try? FileSystem.readText($0) }
    }

    private static func note(_ architecture: GuestArchitecture, in cache: HostPath) throws -> HostPath {
        let boot = try FileSystem.readText("/proc/sys/kernel/random/boot_id").filter { !$0.isWhitespace }
        return cache / "kvm-\(architecture.rawValue)-\(boot)"
    }

    private func tryIt(_ kernel: HostPath) async throws -> String? {
        let folder = HostPath(NSTemporaryDirectory()) / "pandacap-kvm-\(UUID().uuidString.prefix(8))"
        try FileSystem.createDirectory(folder, mode: 0o700)
        defer { try? FileSystem.remove(folder) }
        let command = try engine.command(
            [
                "-enable-kvm", "-m", "512", "-display", "none", "-monitor", "none", "-no-reboot",
                "-serial", "file:console", "-kernel", kernel.string,
                // Without a file system the kernel panics when it is up, which ends the machine.
                "-append", "console=ttyS0 panic=-1",
            ],
            workingDirectory: folder,
            bounds: nil,
            lifeline: ProcessIdentity.current
        )
        let (status, _) = try await ChildProcess.run(command, log: folder / "log", grace: .seconds(2)) {
            child in
            try await child.exit(within: Self.patience)
        }
        let said = (try? FileSystem.readText(folder / "console")) ?? ""
        if status == .exited(0), said.contains("Kernel panic - not syncing: VFS") { return nil }
        guard let status else { return "a kernel did not come up within \(Self.patience.text)" }
        let last = FileTail.lastLines(of: folder / "log", 1).first
        return "the engine \(status)" + (last.map { ": \($0)" } ?? "")
    }
}
