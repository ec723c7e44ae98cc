import CZstd
import HostSupport

/// Calls of libzstd whose results are looked at.
enum Zstd {
    /// Passes a result on.
    ///
    /// - Throws: ``StoreError`` with the library's own words.
    @discardableResult
    static func check(_ result: Int, _ what: @autoclosure () -> String, _ code: StoreError.Code)
        throws(StoreError)
        -> Int
    {
        guard ZSTD_isError(result) == 0 else {
            throw StoreError(code, "\(what()): \(String(cString: ZSTD_getErrorName(result)))")
        }
        return result
    }

    /// The smallest window, as a power of two, that holds so many bytes; what zstd allows at most is 31.
    static func windowLog(_ byteCount: Int) -> Int32 {
        Int32(max(17, min(31, Int.bitWidth - max(byteCount - 1, 1).leadingZeroBitCount)))
    }
}

/// A compressor.
final class ZstdCompressor {
    let context: OpaquePointer
    private let name: HostPath

    init(for name: HostPath) throws(StoreError) {
        guard let context = ZSTD_createCCtx_advanced(LargeMemory.forZstd) else {
            throw StoreError(.cannotAccess, "no memory to pack \(name)")
        }
        self.context = context
        self.name = name
    }

    deinit { ZSTD_freeCCtx(context) }

    func set(_ parameter: ZSTD_cParameter, _ value: Int32) throws(StoreError) {
        try check(ZSTD_CCtx_setParameter(context, parameter, value))
    }

    @discardableResult
    func check(_ result: Int) throws(StoreError) -> Int {
        try Zstd.check(result, "cannot pack \(name)", .cannotAccess)
    }
}
