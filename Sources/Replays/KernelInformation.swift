import HostSupport
import PandaEngine
import RunRecords

/// What a trace tells PANDA of the guest's system, so that plugins that build on `osi` need no further argument.
struct KernelInformation {
    private let operatingSystem: String
    /// The profile of a Linux kernel, and the name that it has in its file; nothing where PANDA's own have to do.
    private let profile: (file: HostPath, group: String)?

    /// Looks for it in a trace; there is none where nobody knows the guest's system.
    init?(of record: RunRecord, in folder: RunFolder) {
        // A trace comes from anybody, and this becomes an argument of the engine.
        guard let os = record.osProfile?.os else { return nil }
        let linux = os.wholeMatch(of: /linux[-_](32|64)[-_]([a-z]{1,30}:[A-Za-z0-9.+_~-]{1,120})/)
        let other =
            /windows[-_](32[-_](xpsp[23]|2000)|(32|64)[-_]7sp[01])|freebsd[-_](32|64)[-_][A-Za-z0-9.:+_~-]{1,120}/
        guard linux != nil || os.wholeMatch(of: other) != nil else { return nil }
        operatingSystem = os
        profile = linux.flatMap { match in
            guard FileSystem.isRegularFile(folder.kernelInformation) else { return nil }
            return (FileSystem.absolute(folder.kernelInformation), "\(match.output.2):\(match.output.1)")
        }
    }

    /// The files that the engine reads for it.
    var files: [HostPath] { profile.map { [$0.file] } ?? [] }

    /// The engine's arguments.
    ///
    /// An argument of each plugin comes in an option of its own: `-panda` splits values at commas and semicolons. It
    /// reaches plugins that others load, which `-panda` does not.
    ///
    /// - Parameter plugins: The plugins that the user loads, with their arguments.
    /// - Returns: The arguments.
    func arguments(plugins: [String]) -> [String] {
        var arguments = ["-os", operatingSystem]
        // Who names another file wants that one.
        let asked = plugins.map { $0.prefix { $0 != ":" } }
        for reader in ["osi_linux", OwnPlugin.guestEvents.name] {
            guard let profile, reader == "osi_linux" || asked.contains(reader[...]),
                !plugins.contains(where: { $0.hasPrefix("\(reader):") && $0.contains("kconf_file=") })
            else { continue }
            arguments += [
                "-panda-arg", "\(reader):kconf_file=\(profile.file)",
                "-panda-arg", "\(reader):kconf_group=\(profile.group)",
            ]
        }
        // osi_linux loads syscalls2 first, and without this others would not get the names of system calls.
        return arguments + ["-panda-arg", "syscalls2:load-info=1"]
    }

    /// Refuses a replay under our own plugin that knows nothing of the guest's kernel.
    ///
    /// - Parameter words: The engine's arguments, and plugins with theirs.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`.
    static func requireProfile(in words: [String]) throws {
        let name = OwnPlugin.guestEvents.name
        guard !words.contains(where: { $0.hasPrefix("\(name):") && $0.contains("kconf_file=") }) else {
            return
        }
        throw Failure(
            .unavailable,
            "the plugin '\(name)' needs a profile of the guest's kernel, and the trace has none",
            hint:
                "captures of guests whose kernels are booted directly and have BTF make one; another is named with "
                + "--plugin \(name):kconf_file=FILE"
        )
    }
}
