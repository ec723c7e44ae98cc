/// Bytes put together by hand, independently of the writers under test.
struct Bytes {
    private(set) var all: [UInt8] = []

    static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        Swift.withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    static func big(_ value: some FixedWidthInteger) -> [UInt8] {
        Swift.withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    mutating func add(_ bytes: [UInt8]) {
        all += bytes
    }

    /// A name after its length in one byte.
    mutating func addName(_ name: String) {
        all.append(UInt8(name.utf8.count))
        all += Array(name.utf8)
    }
}

/// One entry of a log, by hand.
func rawEntry(_ count: UInt64, _ kind: UInt8, _ callsite: UInt8 = 4, _ payload: [UInt8] = []) -> [UInt8] {
    Bytes.little(count) + [kind, callsite] + payload
}

/// A log by hand.
func rawLog(header: UInt64, _ entries: [UInt8]...) -> [UInt8] {
    Bytes.little(header) + entries.flatMap { $0 }
}
