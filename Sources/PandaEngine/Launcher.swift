public import HostSupport

/// `panda-system`, which runs an engine: it loads libpanda, confines what is written, and minds the lifeline.
public enum Launcher {
    /// Where the launcher lies.
    ///
    /// - Returns: Its path: in `../libexec/pandacap` of an installation, or where `make launcher` puts it.
    /// - Throws: ``HostSupport/Failure`` with `unavailable`, naming the places.
    public static func locate() throws -> HostPath {
        let installed = Installation.executable.parent.parent / "libexec/pandacap/panda-system"
        let places =
            [installed] + [try? Installation.locate().root / ".build/launcher/panda-system"].compactMap { $0 }
        if let found = places.first(where: FileSystem.isExecutable) { return found }
        throw Failure(
            .unavailable,
            "the launcher is neither \(places.map(\.string).joined(separator: " nor "))",
            hint: "run 'make program'"
        )
    }

    /// The version of Landlock that the kernel offers to confine an engine; nothing where it offers none.
    ///
    /// - Returns: The version of its interface.
    /// - Throws: ``HostSupport/Failure`` where the launcher cannot be run.
    public static func confinementVersion() async throws -> Int? {
        let output = try await Tool(try locate().string).output(["--probe-confinement"])
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
