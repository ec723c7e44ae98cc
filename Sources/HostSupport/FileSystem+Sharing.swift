import Glibc

extension FileSystem {
    /// Puts a file's contents under another name as well, at the least cost: as a clone that shares its blocks, else as
    /// another name of the same file, else as a copy.
    ///
    /// - Parameters:
    ///   - source: The file.
    ///   - target: The other path; a file of that name is replaced.
    /// - Throws: ``Failure`` where none of the three can be made.
    public static func duplicate(_ source: HostPath, as target: HostPath) async throws {
        let draft = target.draft
        try remove(draft)
        defer { try? remove(draft) }
        let clone = try await Tool("cp", package: "coreutils").output([
            "--reflink=always", "--preserve=mode", "--", source.string, draft.string,
        ])
        if clone.status != .exited(0) {
            try remove(draft)
            if link(source.string, draft.string) != 0 {
                try await Tool("cp", package: "coreutils").run([
                    "--sparse=always", "--preserve=mode", "--", source.string, draft.string,
                ])
            }
        }
        // Nothing happens, and the draft stays, where both are names of one file.
        try rename(draft, to: target)
    }
}
