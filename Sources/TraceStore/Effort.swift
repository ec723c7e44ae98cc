/// How long is searched for what can be left out.
public enum Effort: String, Sendable, CaseIterable, Codable {
    /// The fastest, and a third larger.
    case fast
    /// Almost a gigabyte a second against a sibling, and smaller than what zstd's most expensive search finds by itself.
    case normal
    /// As small as it gets: a twentieth smaller than `normal` against a sibling, and four times slower; what stands alone
    /// is searched by zstd with all its might.
    case best

    // What zstd's most expensive search is through with in a second: logs of most sessions are as small.
    private static let little = 4 << 20

    /// The level of zstd for what it searches by itself.
    ///
    /// - Parameters:
    ///   - byteCount: The size of the file in bytes.
    ///   - hasReference: Whether there is something that it is packed against, and has little in common with.
    /// - Returns: The level.
    func level(byteCount: Int, hasReference: Bool) -> Int32 {
        switch self {
        case .fast: 3
        case .normal: byteCount <= Self.little ? 19 : hasReference ? 9 : 12
        case .best: 19
        }
    }

    /// The level of the search in what is left between known matches; those from 13 on parse optimally, which takes
    /// seconds.
    var residueLevel: Int32 {
        switch self {
        case .fast: 3
        case .normal: 12
        case .best: 19
        }
    }
}
