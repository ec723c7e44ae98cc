import ArgumentParser
import Datasets
import HostSupport

/// What must not leave, and what may all the same.
struct PrivacyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A word that must not leave, of at least 4 bytes; may be given several times.",
            discussion: "It is looked for in UTF-8 and in UTF-16.",
            valueName: "text"
        )
    )
    var canary: [String] = []

    @Option(help: ArgumentHelp("A file with such words, one a line.", valueName: "file"))
    var canaryFile: [String] = []

    @Option(
        help: ArgumentHelp(
            "Let this kind of finding pass, or this key (SHA256:...); may be given several times.",
            valueName: "kind"
        )
    )
    var acknowledge: [String] = []

    /// What a scan looks for.
    ///
    /// - Parameter paths: Folders of this host that the dataset is made of.
    /// - Returns: The settings.
    /// - Throws: `Failure` where a canary is too short, or a file of them cannot be read.
    func settings(paths: [HostPath]) throws -> PrivacySettings {
        let further = try canaryFile.flatMap { try PrivacySettings.canaries(in: HostPath($0)) }
        return try PrivacySettings(
            identity: .current(paths: paths),
            canaries: canary + further,
            acknowledged: acknowledge
        )
    }
}
