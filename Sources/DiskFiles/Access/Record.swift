/// A structure that was read, and the byte of the disk that it lies at.
///
/// Readers test sizes first and report what they find; the preconditions here are the second lock.
struct Record {
    let bytes: [UInt8]
    /// The byte of the disk.
    let place: UInt64

    init(_ bytes: [UInt8], at place: UInt64) {
        self.bytes = bytes
        self.place = place
    }

    var count: Int { bytes.count }

    func byte(_ offset: Int) -> UInt8 { bytes[offset] }
    func half(_ offset: Int) -> UInt16 { UInt16(littleEndian: load(offset)) }
    func word(_ offset: Int) -> UInt32 { UInt32(littleEndian: load(offset)) }
    func long(_ offset: Int) -> UInt64 { UInt64(littleEndian: load(offset)) }
    func bigWord(_ offset: Int) -> UInt32 { UInt32(bigEndian: load(offset)) }
    func bigLong(_ offset: Int) -> UInt64 { UInt64(bigEndian: load(offset)) }

    /// Two halves of a number that lie apart, the upper one only where the format has it.
    func joined(_ low: Int, _ high: Int?) -> UInt64 {
        UInt64(word(low)) | (high.map { UInt64(word($0)) << 32 } ?? 0)
    }

    func slice(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

    /// The bytes in front of the first zero.
    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self)
    }

    private func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int) -> Value {
        let size = MemoryLayout<Value>.size
        precondition(
            offset >= 0 && bytes.count >= size && offset <= bytes.count - size,
            "outside of a record"
        )
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
    }
}
