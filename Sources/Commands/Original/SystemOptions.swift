import ArgumentParser
import HostSupport

/// What the engine is told of the guest's system, and where its plugins log to.
struct SystemOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tell the engine the guest's operating system, such as linux-32-ubuntu:4.4.0-130-generic.",
            valueName: "name"
        )
    )
    var os: String?

    @Option(
        help: ArgumentHelp(
            "Plugins to load: NAME[:ARG=VALUE,...], several with ';' between.",
            valueName: "plugins"
        )
    )
    var panda: String?

    @Option(help: ArgumentHelp("Let plugins write their PANDA log to this file.", valueName: "file"))
    var plog: String?

    /// The engine's arguments for `--os`; none where it was not given.
    func systemArguments() throws -> [String] { try operatingSystem().map { ["-os", $0] } ?? [] }

    /// What `--os` names; the engine aborts over a system that it does not know.
    ///
    /// - Returns: Nothing where it was not given.
    /// - Throws: `Failure` with `usage` where PANDA knows no such system.
    func operatingSystem() throws -> String? {
        guard let os else { return nil }
        let windows = /windows[-_]32[-_](xpsp[23]|2000)|windows[-_](32|64)[-_]7sp[01]/
        let others = /(linux|freebsd)[-_](32|64)[-_].+/
        guard os.wholeMatch(of: windows) != nil || os.wholeMatch(of: others) != nil else {
            throw Failure(
                .usage,
                "'\(os)' is no operating system that PANDA knows",
                hint: "write it as linux-64-DISTRIBUTION:RELEASE, windows-32-7sp1 or freebsd-64-NAME"
            )
        }
        return os
    }

    /// The engine's arguments for `--plog`: a file in the folder that it may write to.
    ///
    /// - Parameter folder: The folder.
    /// - Returns: None where it was not given.
    /// - Throws: `Failure` with `usage` where the file is to be elsewhere.
    func logArguments(in folder: HostPath) throws -> [String] {
        guard let plog else { return [] }
        guard !plog.isEmpty, !plog.contains("/"), plog != ".", plog != ".." else {
            throw Failure(
                .usage,
                "the PANDA log '\(plog)' is to be in another folder than \(folder), which the engine may not write to",
                hint: "name a file without a folder"
            )
        }
        return ["-pandalog", (folder / plog).string]
    }
}
