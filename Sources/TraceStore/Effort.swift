/// How long is searched for what can be left out.
public enum Effort: String, Sendable, CaseIterable, Codable {
    /// The fastest, and a quarter larger.
    case fast
    /// A gigabyte a second against a sibling, and smaller than what zstd's most expensive search finds by itself.
    case normal
    /// As small as it gets: a tenth smaller than `normal` against a sibling, and five times slower; what stands alone
    /// is searched by zstd with all its might.
    case best

    /// The level of zstd for what stands alone, and for logs.
    var wholeLevel: Int32 {
        switch self {
        case .fast: 3
        case .normal: 12
        case .best: 19
        }
    }

    /// The level for what is packed against something that it has little in common with.
    var patchLevel: Int32 {
        switch self {
        case .fast: 3
        case .normal: 9
        case .best: 19
        }
    }

    /// The level of the search in what is left between known matches; those from 13 on parse optimally, which takes
    /// seconds.
    var residueLevel: Int32 {
        switch self {
        case .fast: 3
        case .normal: 9
        case .best: 19
        }
    }
}
