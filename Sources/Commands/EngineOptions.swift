import ArgumentParser

/// Which engine to use.
struct EngineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The engine: an executable panda-system-ARCH, a libpanda-ARCH.so, a folder with either, or 'managed'.",
            discussion: "'pandacap engine --help' tells where one is looked for otherwise.",
            valueName: "path"
        )
    )
    var engine: String?
}
