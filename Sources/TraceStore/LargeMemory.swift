import CZstd
import Glibc

/// Memory for what is large: in huge pages where the kernel has them, since it clears those four times faster.
enum LargeMemory {
    // Huge pages of x86_64, and of arm64 with pages of 4 KiB.
    private static let pageBytes = 2 << 20

    /// Takes memory, whose contents nobody has set.
    ///
    /// - Parameter byteCount: How much, in bytes.
    /// - Returns: Memory that `free` gives back; nothing where there is none.
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
        guard byteCount >= pageBytes else { return malloc(byteCount) }
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, pageBytes, byteCount) == 0, let memory else { return nil }
        // Advice only: a refusal costs speed, nothing else.
        _ = madvise(memory, byteCount, MADV_HUGEPAGE)
        return memory
    }

    /// The same for what zstd asks for by itself.
    static var forZstd: ZSTD_customMem {
        ZSTD_customMem(
            customAlloc: { _, byteCount in LargeMemory.allocate(byteCount: byteCount) },
            customFree: { _, memory in free(memory) },
            opaque: nil
        )
    }
}
