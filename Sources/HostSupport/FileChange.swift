public import Glibc

extension stat {
    /// When the contents were changed last, in nanoseconds since 1970 by the host's clock.
    public var nanosecondsOfChange: Int64 {
        // Which module has the names of a time's two parts depends on what was compiled before.
        withUnsafeBytes(of: st_mtim) { time in
            let seconds = time.loadUnaligned(as: Int.self)
            let nanoseconds = time.loadUnaligned(fromByteOffset: MemoryLayout<Int>.size, as: Int.self)
            return Int64(seconds) * 1_000_000_000 + Int64(nanoseconds)
        }
    }
}
