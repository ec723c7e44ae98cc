public import HostSupport

extension TraceArchive {
    /// Runs `body` and says, where it fails, which file its errors speak of.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - body: What reads or writes it.
    /// - Returns: What `body` returned.
    /// - Throws: ``HostSupport/Failure``: `bad-data` for a ``TraceArchiveError``, `interrupted` for a
    ///   `CancellationError`; other errors of `body` as they are.
    public static func naming<Result>(_ path: HostPath, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as TraceArchiveError {
            let hint: String? =
                switch error.code {
                case .tooLarge: "if you trust whoever made it, name a larger size with --limit"
                case .unknownForm: "archives of recordings are rr2, rr and RRArchive files"
                default: nil
                }
            throw Failure(.badData, "\(path): \(error)", hint: hint)
        } catch is CancellationError {
            throw Failure(.interrupted, "interrupted")
        }
    }
}
