import ArgumentParser
import Bootstrap
import Containers
import Foundation
import HostSupport
import PandaEngine

/// Which engine to use.
struct EngineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The engine: an executable panda-system-ARCH, a libpanda-ARCH.so, a folder with either, 'managed', or "
                + "'container:IMAGE' for the one of a container image.",
            discussion: "'pandacap engine --help' tells where one is looked for otherwise.",
            valueName: "path"
        )
    )
    var engine: String?

    /// What finds the engine.
    ///
    /// `PANDA_PATH` may stand in the installation's files of variables, too; those of the working folder do not count,
    /// for it may be somebody else's, and a program is run.
    func finder() throws -> EngineFinder {
        if let imageName {
            throw Failure(
                .usage,
                "the engine of the container image '\(imageName)' cannot be used here",
                hint: "record, replay, rec, repl, and image warm can use one"
            )
        }
        return try Self.finder(named: engine)
    }

    /// The container image whose engine is named, here or by `PANDACAP_ENGINE`.
    var imageName: String? {
        let named = engine ?? ProcessInfo.processInfo.environment["PANDACAP_ENGINE"] ?? ""
        return named.hasPrefix(EngineSource.prefix) ? String(named.dropFirst(EngineSource.prefix.count)) : nil
    }

    /// As ``finder()``, for an engine that the user may have named.
    static func finder(named engine: String?) throws -> EngineFinder {
        var environment = ProcessInfo.processInfo.environment
        if environment["PANDA_PATH"] == nil {
            let installation = try Installation.locate()
            environment["PANDA_PATH"] = try Variables.read(
                of: installation,
                in: installation.root,
                environment: [:],
                settings: []
            )["PANDA_PATH"]
        }
        return EngineFinder(named: engine, environment: environment)
    }
}
