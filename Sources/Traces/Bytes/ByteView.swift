/// Bytes that somebody else keeps alive, with loads that are checked in every build.
///
/// `UnsafeRawBufferPointer` checks its bounds in debug builds only. Parsers test sizes first and report what
/// they find; the preconditions here are the second lock.
struct ByteView {
    private let base: UnsafeRawBufferPointer

    init(_ base: UnsafeRawBufferPointer) {
        self.base = base
    }

    @inline(__always)
    var count: Int { base.count }

    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        load(at: offset, as: UInt8.self)
    }

    @inline(__always)
    func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type) -> T {
        T(littleEndian: load(at: offset, as: type))
    }

    @inline(__always)
    func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type) -> T {
        T(bigEndian: load(at: offset, as: type))
    }

    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= base.count, "range outside of the bytes")
        return UnsafeRawBufferPointer(rebasing: base[range])
    }

    @inline(__always)
    private func load<T: BitwiseCopyable>(at offset: Int, as type: T.Type) -> T {
        precondition(
            offset >= 0 && base.count >= MemoryLayout<T>.size && offset <= base.count - MemoryLayout<T>.size,
            "load outside of the bytes"
        )
        return base.loadUnaligned(fromByteOffset: offset, as: type)
    }
}
