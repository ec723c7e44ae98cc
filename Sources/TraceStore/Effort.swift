/// How long is searched for what can be left out.
public enum Effort: String, Sendable, CaseIterable, Codable {
    /// The fastest, and a quarter larger.
    case fast
    /// Against a sibling, faster than `zstd -3`, and as small as what zstd's most expensive search finds by itself.
    case normal
    /// As small as it gets: a fifteenth smaller than `normal` against a sibling, and five times slower; what stands alone
    /// is searched by zstd with all its might.
    case best

    /// How zstd searches by itself.
    struct Search {
        /// Its level.
        let level: Int32
        /// Whether it looks for long matches far away first.
        let isLongDistance: Bool
    }

    // What zstd's most expensive search is through with in a second: logs of most sessions are as small.
    private static let little = 4 << 20

    /// How zstd searches by itself.
    ///
    /// A log against another one, 0.5 MB, takes 66.6 kB at level 9, and 68.1 at level 19, which is nine times slower: the
    /// optimal parse goes by prices that it has not learnt yet. Long matches far away take others' places there.
    ///
    /// - Parameters:
    ///   - byteCount: The size of the file in bytes.
    ///   - hasReference: Whether there is something that it is packed against.
    /// - Returns: The way.
    func search(byteCount: Int, hasReference: Bool) -> Search {
        let isLittle = byteCount <= Self.little
        let level: Int32 =
            switch self {
            case .fast: 3
            case .normal: hasReference ? 9 : isLittle ? 19 : 12
            case .best: hasReference && isLittle ? 9 : 19
            }
        return Search(level: level, isLongDistance: !(hasReference && isLittle))
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
