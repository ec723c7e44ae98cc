import HostSupport
import RunRecords

/// What a trace tells PANDA of the guest's kernel, so that plugins that build on `osi` need no further argument.
struct KernelInformation {
    private let file: HostPath
    private let operatingSystem: String
    private let group: String

    /// Looks for it in a trace; there is none where the guest's kernel has no profile.
    init?(of record: RunRecord, in folder: RunFolder) {
        // A trace comes from anybody, and this becomes an argument of the engine.
        guard let os = record.osProfile?.os,
            let match = os.wholeMatch(of: /linux-(32|64)-([a-z]{1,30}:[A-Za-z0-9.+_~-]{1,120})/),
            FileSystem.isRegularFile(folder.kernelInformation)
        else { return nil }
        file = FileSystem.absolute(folder.kernelInformation)
        operatingSystem = os
        group = "\(match.output.2):\(match.output.1)"
    }

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
        if !plugins.contains(where: { $0.hasPrefix("osi_linux:") && $0.contains("kconf_file=") }) {
            arguments += [
                "-panda-arg", "osi_linux:kconf_file=\(file)", "-panda-arg", "osi_linux:kconf_group=\(group)",
            ]
        }
        // osi_linux loads syscalls2 first, and without this others would not get the names of system calls.
        return arguments + ["-panda-arg", "syscalls2:load-info=1"]
    }
}
