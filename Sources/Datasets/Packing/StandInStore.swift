import HostSupport

// Stands in for the module TraceStore until that is there: the same frames, made by the zstd command.

struct PackedFile: Sendable, Hashable {
    let bytes: UInt64
    let sha256: String
    let contentBytes: UInt64
    let contentSHA256: String
}

struct FilePacker: Sendable {
    func pack(_ file: HostPath, against reference: HostPath?, to target: HostPath) async throws -> PackedFile
    {
        let draft = target.draft
        defer { try? FileSystem.remove(draft) }
        try await Tool("zstd", package: "zstd").run(
            ["-q", "-3", "--long=31", "-f"] + (reference.map { ["--patch-from=\($0)"] } ?? [])
                + [file.string, "-o", draft.string]
        )
        let packed = PackedFile(
            bytes: FileSystem.size(draft) ?? 0,
            sha256: try await Digest.sha256(draft),
            contentBytes: FileSystem.size(file) ?? 0,
            contentSHA256: try await Digest.sha256(file)
        )
        try FileSystem.rename(draft, to: target)
        return packed
    }
}

struct FileUnpacker: Sendable {
    func unpack(
        _ packed: HostPath,
        against reference: HostPath?,
        to target: HostPath,
        expecting: (bytes: UInt64, sha256: String)
    ) async throws {
        let draft = target.draft
        defer { try? FileSystem.remove(draft) }
        let output = try await Tool("zstd", package: "zstd").output(
            ["-q", "-d", "--long=31", "-f"] + (reference.map { ["--patch-from=\($0)"] } ?? [])
                + [packed.string, "-o", draft.string]
        )
        guard output.status == .exited(0) else {
            throw Failure(.badData, "\(packed) cannot be restored: \(output.standardError.firstLine ?? "")")
        }
        guard FileSystem.size(draft) == expecting.bytes, try await Digest.sha256(draft) == expecting.sha256
        else {
            throw Failure(.badData, "what comes out of \(packed) is not what went into it")
        }
        try FileSystem.rename(draft, to: target)
    }
}
