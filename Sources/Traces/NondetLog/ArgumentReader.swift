/// Reads the members of a C structure one after the other, skipping the padding as the host's compiler did.
struct ArgumentReader {
    private let view: ByteView
    private let base: Int
    private let abi: HostABI
    private var offset = 0

    init(_ view: ByteView, at base: Int, abi: HostABI) {
        self.view = view
        self.base = base
        self.abi = abi
    }

    @inline(__always)
    mutating func wide() -> UInt64 {
        next(.wide, UInt64.self)
    }

    @inline(__always)
    mutating func word() -> UInt32 {
        next(.word, UInt32.self)
    }

    @inline(__always)
    mutating func byte() -> UInt8 {
        next(.byte, UInt8.self)
    }

    @inline(__always)
    mutating func pointer() -> UInt64 {
        abi.pointerBytes == 8 ? next(.pointer, UInt64.self) : UInt64(next(.pointer, UInt32.self))
    }

    @inline(__always)
    private mutating func next<T: FixedWidthInteger & BitwiseCopyable>(
        _ field: ArgumentField,
        _ type: T.Type
    ) -> T {
        let start = align(offset, to: field.alignment(in: abi))
        offset = start + field.bytes(in: abi)
        return view.littleEndian(at: base + start, as: type)
    }
}
