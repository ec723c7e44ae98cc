/// Appends the members of a C structure one after the other, with zeros for the compiler's padding.
struct ArgumentWriter {
    private(set) var bytes: [UInt8] = []
    private let abi: HostABI

    init(abi: HostABI) {
        self.abi = abi
    }

    mutating func wide(_ value: UInt64) {
        append(.wide, value)
    }

    mutating func word(_ value: UInt32) {
        append(.word, value)
    }

    mutating func byte(_ value: UInt8) {
        append(.byte, value)
    }

    /// Keeps what the host's pointers have room for.
    mutating func pointer(_ value: UInt64) {
        if abi.pointerBytes == 8 {
            append(.pointer, value)
        } else {
            append(.pointer, UInt32(truncatingIfNeeded: value))
        }
    }

    mutating func pad(to count: Int) {
        bytes.append(contentsOf: repeatElement(0, count: max(0, count - bytes.count)))
    }

    private mutating func append(_ field: ArgumentField, _ value: some FixedWidthInteger) {
        pad(to: align(bytes.count, to: field.alignment(in: abi)))
        bytes.appendLittleEndian(value)
    }
}

extension [UInt8] {
    mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
