import HostSupport

/// Makes files of SQLite with its own command.
enum SQLiteFile {
    /// Makes a file from statements; the same statements give the same bytes.
    ///
    /// - Parameters:
    ///   - statements: SQL.
    ///   - path: The file, which is replaced.
    /// - Throws: `Failure` where the tool is missing or fails.
    static func write(_ statements: String, to path: HostPath) async throws {
        let draft = path.draft
        try FileSystem.remove(draft)
        defer { try? FileSystem.remove(draft) }
        // Neither the user's settings nor a command of the shell's can be in it: a statement is always open.
        try await Tool("sqlite3", package: "sqlite3").run(
            ["-batch", "-bail", "-init", "/dev/null", draft.string],
            input: statements
        )
        try FileSystem.rename(draft, to: path)
    }
}
