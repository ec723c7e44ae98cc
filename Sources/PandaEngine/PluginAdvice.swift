import HostSupport

/// What would help a plugin that cannot be loaded.
enum PluginAdvice {
    /// What to do about the loader's words.
    static func of(_ problem: String) -> String {
        // libNAME.so.1: cannot open shared object file: No such file or directory
        if let match = problem.firstMatch(of: /([A-Za-z0-9_+.-]+\.so[0-9.]*): cannot open shared object file/)
        {
            return
                "it wants \(match.1), which neither this host nor the engine has: install the package that has it "
                + "('apt-file search \(match.1)' tells which), or put it into a folder of LD_LIBRARY_PATH"
        }
        if let match = problem.firstMatch(of: /undefined symbol: ([A-Za-z0-9_]+)/) {
            return
                "it uses '\(match.1)', which this engine does not have: the plugin is of another version of PANDA, or "
                + "was not linked with what it needs; another engine may have one that works (--engine)"
        }
        return "'pandacap engine show' lists the plugins that can"
    }

    /// What to do where there is no such plugin: the names that look like it.
    static func missing(_ name: String, in folder: HostPath) -> String {
        let names = FileSystem.list(folder).filter { $0.hasPrefix("panda_") && $0.hasSuffix(".so") }
            .map { $0.dropFirst("panda_".count).dropLast(".so".count) }
        let near = names.filter { $0.contains(name) || name.contains($0) }
        let all = "'pandacap engine show' lists the plugins"
        return near.isEmpty ? all : "there is \(near.prefix(5).joined(separator: ", ")); \(all)"
    }
}
