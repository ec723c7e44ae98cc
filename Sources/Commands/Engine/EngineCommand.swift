import ArgumentParser

struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Get PANDA, and see which one is used",
        discussion: """
            Engines are looked for in this order, and the first for a guest's architecture is used:
              1. what --engine or PANDACAP_ENGINE names ('managed' names the managed engine)
              2. PANDA_PATH: PANDA_PATH/bin, PANDA_PATH/ARCH-softmmu, PANDA_PATH/build/ARCH-softmmu
              3. panda-system-ARCH on PATH
              4. libpanda-ARCH.so in the Python package pandare
              5. the managed engine, made by 'pandacap engine install'
            """,
        subcommands: [EngineInstallCommand.self, EngineListCommand.self, EngineShowCommand.self]
    )
}
