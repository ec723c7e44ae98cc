/// Bytes of a file that stand elsewhere already: in the reference, or earlier in the file itself.
struct KnownMatch: Hashable {
    /// Where they begin in the file.
    var offset: Int
    /// Where they stand: in the reference, or behind its end in the file, as if the one followed the other.
    var source: Int
    /// How many they are.
    var count: Int

    /// The first byte behind them in the file.
    var end: Int { offset + count }
}
