/// What the choices of a workload follow from, so that an item can be made again with the same ones.
enum ItemSeed {
    /// The variable of the environment that tells a workload its seed.
    static let variable = "PANDACAP_SEED"
    /// The setting that tells a bundle's templates.
    static let setting = "SEED"

    /// The seed of an item: it depends on the campaign's seed and on what the item is, and not on its neighbours, so
    /// that further workloads or repetitions leave it as it is.
    static func derive(from seed: UInt64, words: [String]) -> UInt64 {
        var state = seed
        for word in words {
            // FNV-1a, with a byte that is in no UTF-8 text behind each word.
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in Array(word.utf8) + [0xFF] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            state = mixed(state &+ 0x9e37_79b9_7f4a_7c15 ^ hash)
        }
        return state
    }

    /// The last step of SplitMix64: each bit of the result depends on all bits of the state.
    private static func mixed(_ state: UInt64) -> UInt64 {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
