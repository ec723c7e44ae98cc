import ArgumentParser
import HostSupport
import PandaEngine

/// What an engine of this host is kept within, where that is not to be what suits most.
struct EngineBoundsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Memory that an engine outside a container may write to; twice the machine's and a gibibyte by default, "
                + "and any for a replay under plugins.",
            valueName: "size"
        )
    )
    var engineMemory: ByteSize?

    @Option(
        help: ArgumentHelp(
            "The largest file that an engine outside a container may write; 64 GiB by default.",
            valueName: "size"
        )
    )
    var engineFileSize: ByteSize?

    @Option(
        help: ArgumentHelp(
            "A file or folder that an engine outside a container may read, besides what it is known to need.",
            valueName: "path"
        )
    )
    var allowRead: [String] = []

    func validate() throws {
        for path in allowRead where !FileSystem.exists(HostPath(path)) {
            throw ValidationError("there is no '\(path)' that --allow-read could allow")
        }
    }

    /// The limits.
    var limits: EngineLimits {
        var limits = EngineLimits()
        limits.memory = engineMemory
        if let engineFileSize { limits.fileSize = engineFileSize }
        return limits
    }

    /// What may be read besides.
    var readable: [HostPath] { allowRead.map { FileSystem.absolute(HostPath($0)) } }

    /// The options as they were given, for a process that is to have the same ones.
    var words: [String] {
        (engineMemory.map { ["--engine-memory", "\($0.bytes)"] } ?? [])
            + (engineFileSize.map { ["--engine-file-size", "\($0.bytes)"] } ?? [])
            + readable.flatMap { ["--allow-read", $0.string] }
    }
}
