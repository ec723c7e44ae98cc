import Foundation
import Glibc
import HostSupport
import RunRecords

/// What every run hands to its guest before the recording: who may log in, what the recording is called, and what
/// makes the guest another one than its siblings of the same warm state.
struct SessionBundle: Sendable {
    /// What is done with a guest that is not prepared for a run, but to be saved for later ones.
    enum Purpose {
        /// It is recorded: a login's recording has this name; none where logins are not recorded.
        case run(sessionName: String?)
        /// Somebody logs in before it is saved.
        case rehearsal
        /// It is about to be saved: what the rehearsal left is removed.
        case rest
        /// Its disk is about to become an image: what makes it one guest among others is removed, too.
        case strip
    }

    private let installation: Installation

    /// - Parameter installation: Where `guest/session` and the programs for guests lie.
    init(installation: Installation) {
        self.installation = installation
    }

    /// Writes the bundle and packs it.
    ///
    /// - Parameters:
    ///   - plan: The guest; its keys have been made.
    ///   - purpose: What it is prepared for.
    /// - Returns: A tar archive.
    /// - Throws: `Failure` where it cannot be written or packed.
    func pack(for plan: GuestPlan, _ purpose: Purpose) async throws -> [UInt8] {
        try await write(for: plan, purpose)
        return try await SerialArchive(folder: plan.runtime.bundle).pack(into: plan.runtime.bundleArchive)
    }

    func write(for plan: GuestPlan, _ purpose: Purpose) async throws {
        let folder = plan.runtime.bundle
        let files = folder / "files"
        try FileSystem.remove(folder)
        try FileSystem.createDirectory(files, mode: 0o700)
        switch purpose {
        case .rest, .strip:
            try FileSystem.copy(installation.guestFiles / "session/rest.sh", to: folder / "bootstrap.sh")
            if case .strip = purpose { try FileSystem.write("", to: files / "strip") }
            return
        case .run, .rehearsal:
            break
        }
        try FileSystem.copy(installation.guestFiles / "session/bootstrap.sh", to: folder / "bootstrap.sh")
        let renew = try installation.guestPrograms() / "renew-\(plan.machine.architecture.rawValue)"
        try FileSystem.copy(renew, to: files / "renew")
        try FileSystem.copy(plan.ssh.publicKey, to: files / "authorized_keys")
        for key in plan.ssh.hostKeys {
            for name in [key.name, key.name + ".pub"] {
                try FileSystem.copy(key.parent / name, to: files / name)
            }
        }
        if case .run(let name?) = purpose { try FileSystem.write(name + "\n", to: files / "session") }
        if let name = plan.hostName { try FileSystem.write(name + "\n", to: files / "hostname") }
        let random = Self.randomBytes(256 + 16)
        try FileSystem.write(Data(random.prefix(256)), to: files / "seed", mode: 0o600)
        let identity = random.suffix(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        try FileSystem.write(identity.joined() + "\n", to: files / "machine-id")
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        try FileSystem.write("\(now.tv_sec) \(now.tv_nsec)\n", to: files / "time")
    }

    private static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
