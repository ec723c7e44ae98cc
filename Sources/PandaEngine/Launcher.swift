public import HostSupport

/// The small programs that an engine is started with.
public enum Launcher: String, Sendable {
    /// Keeps an engine within bounds: confines what it writes, opens its inputs, and minds the lifeline.
    case boundary = "panda-guard"
    /// Is `panda-system-ARCH` where PANDA is a library.
    case library = "panda-system"

    /// The variable that tells ``library`` how many recordings the guest may begin.
    public static let recordingLimit = "PANDACAP_RECORDINGS"

    /// Where the program lies.
    ///
    /// - Returns: Its path: in `../libexec/pandacap` of an installation, or where `make launcher` puts it.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`, naming the places.
    public func located() throws -> HostPath {
        let installed = Installation.executable.parent.parent / "libexec/pandacap" / rawValue
        let places =
            [installed] + [try? Installation.locate().root / ".build/launcher" / rawValue].compactMap { $0 }
        if let found = places.first(where: FileSystem.isExecutable) { return found }
        throw Failure(
            .unavailable,
            "the engine's launcher is neither \(places.map(\.string).joined(separator: " nor "))",
            hint: "run 'make launcher'"
        )
    }

    /// The version of Landlock that the kernel offers to confine an engine; nothing where it offers none.
    ///
    /// - Returns: The version of its interface.
    /// - Throws: ``HostSupport/Failure`` where the launcher cannot be run.
    public static func confinementVersion() async throws -> Int? {
        let output = try await Tool(try boundary.located().string).output(["--probe-confinement"])
        guard let version = Int(output.standardOutput.trimming), version > 0 else { return nil }
        return version
    }
}

extension String {
    /// The text without spaces and line feeds around it.
    var trimming: String {
        let words = drop(while: \.isWhitespace)
        return String(words.prefix(words.count - words.reversed().prefix(while: \.isWhitespace).count))
    }
}
