public import HostSupport
public import RunRecords

/// A plugin that comes with this program and not with the engine.
public enum OwnPlugin: String, Sendable, CaseIterable {
    /// Tells what a guest's programs do, an event a line.
    case guestEvents = "guest_events"

    /// The name, as `-panda` takes it.
    public var name: String { rawValue }

    /// The folder that PANDA finds our plugins below when the variable `PANDA_DIR` names it; it looks for all others in
    /// its own folders then.
    ///
    /// - Returns: `libexec/pandacap/plugins` of an installation, or where `make plugins` puts them.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`, naming the places.
    public static func folder() throws -> HostPath {
        let installed = Installation.executable.parent.parent / "libexec/pandacap/plugins"
        let places = [installed] + [try? Installation.locate().root / ".build/plugins"].compactMap { $0 }
        if let found = places.first(where: FileSystem.isDirectory) { return found }
        throw Failure(
            .unavailable,
            "our plugins of the engine are neither in \(places.map(\.string).joined(separator: " nor in "))",
            hint: "run 'make plugins'"
        )
    }

    /// Where it lies for guests of an architecture, if it was built for them.
    ///
    /// - Parameter architecture: The architecture.
    /// - Returns: The file.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`, where none of ours was built.
    public func file(for architecture: GuestArchitecture) throws -> HostPath {
        try Self.folder() / "\(architecture.rawValue)-softmmu/panda/plugins/panda_\(name).so"
    }

    /// Makes sure that it was built and works with guests of an architecture.
    ///
    /// - Parameter architecture: The architecture.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`.
    public func requireUse(with architecture: GuestArchitecture) throws {
        guard architecture == .x8664 else {
            throw Failure(
                .unavailable,
                "the plugin '\(name)' knows the system calls of x86_64 guests; this guest is \(architecture.rawValue)"
            )
        }
        let file = try file(for: architecture)
        guard FileSystem.isRegularFile(file) else {
            throw Failure(.unavailable, "there is no \(file)", hint: "run 'make plugins'")
        }
    }
}
