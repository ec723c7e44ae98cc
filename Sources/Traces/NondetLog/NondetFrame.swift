/// The outline of one entry: enough to count it and step over it, its payload not yet decoded.
struct NondetFrame {
    var index: Int
    var offset: Int
    var instructionCount: UInt64
    var kind: NondetKind
    var callsite: UInt8
    /// Only if `kind` is a skipped call.
    var call: SkippedCallKind?
    /// Where the payload begins; for a skipped call, its structure.
    var payloadOffset: Int
    var dataOffset: Int
    var end: Int

    /// The bytes that begin every entry: `u64 count`, `u8 kind`, `u8 callsite`.
    static let prefixBytes = 10
    /// The bytes before the first entry: the final instruction count.
    static let headerBytes = 8
}
