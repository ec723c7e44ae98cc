import Containers
import Foundation
import GuestImages
import HostSupport
import PandaEngine
import RunRecords

/// Looks at what of this host PANDAcap needs.
struct HostExamination {
    let engines: EngineFinder
    var home = Storage.home
    var cache = Storage.cache

    /// Looks at everything.
    ///
    /// - Returns: What was found.
    /// - Throws: `Failure` where a managed engine or an image is damaged.
    func checks() async throws -> [HostCheck] {
        try await engineChecks() + [await confinement(), await launcher(), await guestPrograms()] + tools()
            + [
                await templates(), images(), hardware(), await containers(),
            ] + rooms()
    }

    private func engineChecks() async throws -> [HostCheck] {
        let found = try await engines.all()
        guard !found.isEmpty else {
            return [
                HostCheck(
                    name: "engine",
                    status: .missing,
                    text: "there is none",
                    remedy: "run 'pandacap engine install', or set PANDA_PATH to an installed PANDA"
                )
            ]
        }
        let architectures = found.reduce(into: [GuestArchitecture]()) { seen, engine in
            if !seen.contains(engine.architecture) { seen.append(engine.architecture) }
        }
        guard let first = found.first else { return [] }
        let list = architectures.map(\.rawValue).joined(separator: " ")
        do {
            let description = try await engines.description(of: first)
            return [
                HostCheck(
                    name: "engine",
                    status: .ok,
                    text: "\(description.version), found by '\(first.origin.rawValue)', for \(list)"
                )
            ]
        } catch let failure as Failure {
            return [HostCheck(name: "engine", status: .missing, text: failure.message, remedy: failure.hint)]
        }
    }

    private func confinement() async -> HostCheck {
        guard let version = try? await Launcher.confinementVersion() else {
            return HostCheck(
                name: "confinement",
                status: .missing,
                text: "the kernel has no Landlock, so a guest could make the engine write wherever you can",
                remedy: "boot a kernel with Landlock (Linux 5.13 or newer, lsm=landlock), or use --unconfined"
            )
        }
        // The versions in which ports and signals came (launcher/confinement.h).
        let lacks = [(4, "TCP"), (6, "signals")].filter { version < $0.0 }.map(\.1)
        let extent =
            lacks.isEmpty ? "files, TCP and signals" : "files, but not \(lacks.joined(separator: " and "))"
        return HostCheck(name: "confinement", status: .ok, text: "Landlock \(version) confines \(extent)")
    }

    private func launcher() async -> HostCheck {
        await check("launcher") {
            _ = try Launcher.library.located()
            return try Launcher.boundary.located().string
        }
    }

    private func guestPrograms() async -> HostCheck {
        await check("guest programs") { try Installation.locate().guestPrograms().string }
    }

    /// What runs containers; nothing but `--container` and `pandacap container` needs it.
    private func containers() async -> HostCheck {
        await check("containers", otherwise: .note) {
            let runtime = try await ContainerRuntime.find()
            return "\(runtime.program) answers" + (runtime.isRootless ? ", without root" : "")
        }
    }

    private func check(
        _ name: String,
        otherwise status: HostCheck.Status = .missing,
        _ find: () async throws -> String
    ) async -> HostCheck {
        do {
            return HostCheck(name: name, status: .ok, text: try await find())
        } catch {
            let failure = error as? Failure
            return HostCheck(
                name: name,
                status: status,
                text: failure?.message ?? "\(error)",
                remedy: failure?.hint
            )
        }
    }

    private func images() -> HostCheck {
        let names = ImageStore(home: home).names
        guard names.isEmpty else {
            return HostCheck(name: "images", status: .ok, text: names.joined(separator: ", "))
        }
        return HostCheck(
            name: "images",
            status: .note,
            text: "there are none yet",
            remedy: "'pandacap image build tiny' makes one"
        )
    }

    private func hardware() -> HostCheck {
        let name = "hardware virtualisation"
        guard FileSystem.exists(HardwareVirtualisation.device) else {
            return HostCheck(
                name: name,
                status: .note,
                text: "there is none; it is only used to maintain disks"
            )
        }
        let known = GuestArchitecture.allCases.compactMap { architecture in
            HardwareVirtualisation.known(of: architecture, in: cache).map { answer in
                "\(architecture.rawValue): " + (answer.isEmpty ? "works" : answer)
            }
        }
        return HostCheck(
            name: name,
            status: known.contains { $0.hasSuffix(": works") } ? .ok : .note,
            text: known.isEmpty
                ? "not tried since this host started; 'image maintain' does" : known.joined(separator: "; ")
        )
    }

    private func rooms() -> [HostCheck] {
        let least = ByteSize.mebibytes(1024)
        return [("room for images", home), ("room for runs", FileSystem.resolved(".") ?? ".")].map {
            name,
            folder in
            var place = folder
            while !FileSystem.exists(place) { place = place.parent }
            guard let free = try? FileSystem.freeSpace(at: place) else {
                return HostCheck(name: name, status: .missing, text: "\(place) cannot be looked at")
            }
            return HostCheck(
                name: name,
                status: free < least ? .note : .ok,
                text: "\(free) in \(place)",
                remedy: free < least ? "a recording takes as much as its guest has memory, and more" : nil
            )
        }
    }
}
