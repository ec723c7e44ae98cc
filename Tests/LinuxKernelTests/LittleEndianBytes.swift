import Foundation

/// Bytes put together by hand, little endian.
struct LittleEndianBytes {
    private(set) var data = Data()

    var count: Int { data.count }

    mutating func add(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }

    mutating func add(_ bytes: Data) { data.append(bytes) }

    mutating func add(text: String) {
        data.append(contentsOf: text.utf8)
        data.append(0)
    }

    mutating func align(to boundary: Int) {
        while data.count % boundary != 0 { data.append(0) }
    }
}
