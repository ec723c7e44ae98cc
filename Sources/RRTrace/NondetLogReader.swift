/// Reads the log of nondeterministic inputs, `NAME-rr-nondet.log`, entry by entry and with bounded memory.
///
/// The layout is that of a 64-bit little-endian build since December 2018 (panda/src/rr/rr_log.c, `rr_write_item`):
///
/// ```
/// 0   u64  instructions that the guest executed; 0 until the log is closed
/// 8   entries:
///       u64  guest instruction count
///       u8   kind
///       u8   callsite
///       payload; for a skipped call: u8 call, the call's structure, its data
/// ```
public struct NondetLogReader: ~Copyable {
    /// The highest callsite that there is (`RR_CALLSITE_LAST`).
    static let lastCallsite: UInt8 = 47
    private static let headerLength = 8
    private static let entryHeaderLength = 10

    /// The number of instructions that the header tells; 0 where the log was not closed.
    public let headerInstructions: UInt64
    /// The file's size in bytes.
    public var size: UInt64 { window.size }

    private let window: FileWindow
    private let longestData: UInt64
    private var offset: UInt64
    private var number: UInt64 = 0
    private var lastCount: UInt64 = 0
    private var hasEnded = false

    /// Opens a log.
    ///
    /// - Parameters:
    ///   - path: The log.
    ///   - longestData: The most bytes that one call can have moved: the machine's memory is a bound.
    /// - Throws: ``TraceFormatError`` where it cannot be read or has not even a header.
    public init(_ path: String, longestData: UInt64 = .max) throws(TraceFormatError) {
        window = try FileWindow(path)
        self.longestData = longestData
        guard let header = window.bytes(at: 0, count: Self.headerLength) else {
            throw TraceFormatError(
                .notEnded, offset: 0, "the log has \(window.size) bytes; its header alone has 8")
        }
        headerInstructions = header.littleEndian(at: 0, as: UInt64.self)
        offset = UInt64(Self.headerLength)
    }

    /// The next entry.
    ///
    /// - Returns: The entry; nothing behind the end entry.
    /// - Throws: ``TraceFormatError``: `notEnded` where the file ends first, `damaged` where a rule is broken.
    public mutating func next() throws(TraceFormatError) -> NondetEntry? {
        guard !hasEnded else {
            guard offset == window.size else {
                throw fault(.damaged, "\(window.size - offset) bytes follow the end entry")
            }
            return nil
        }
        guard let header = window.bytes(at: offset, count: Self.entryHeaderLength) else {
            throw fault(.notEnded, "the log ends without its end entry")
        }
        let count = header.littleEndian(at: 0, as: UInt64.self)
        let callsite = header[9]
        guard let kind = NondetKind(rawValue: header[8]) else {
            throw fault(.damaged, "entry kind \(header[8]) where at most \(NondetKind.exception.rawValue) is known")
        }
        guard count >= lastCount else {
            throw fault(.damaged, "instruction count \(count) after \(lastCount), though counts never fall")
        }
        guard callsite <= Self.lastCallsite else {
            throw fault(.damaged, "callsite \(callsite) where at most \(Self.lastCallsite) is known")
        }
        var length = UInt64(Self.entryHeaderLength + kind.payloadLength)
        var call: SkippedCallKind?
        if kind == .skippedCall { (call, length) = try skippedCall() }
        guard length <= window.size - offset else {
            throw fault(.notEnded, "the last entry is cut: \(length) bytes, of which \(window.size - offset) are there")
        }
        let entry = NondetEntry(
            number: number,
            offset: offset,
            length: length,
            instructionCount: count,
            kind: kind,
            callsite: callsite,
            call: call)
        offset += length
        number += 1
        lastCount = count
        hasEnded = kind == .endOfLog
        return entry
    }

    private func skippedCall() throws(TraceFormatError) -> (SkippedCallKind, UInt64) {
        let start = offset + UInt64(Self.entryHeaderLength)
        guard let code = window.bytes(at: start, count: 1)?[0] else { throw fault(.notEnded, "the last entry is cut") }
        guard let call = SkippedCallKind(rawValue: code) else {
            throw fault(
                .damaged, "skipped call \(code) where at most \(SkippedCallKind.registerWrite.rawValue) is known")
        }
        guard let structure = window.bytes(at: start + 1, count: call.structureLength) else {
            throw fault(.notEnded, "the last entry is cut")
        }
        var length = UInt64(Self.entryHeaderLength + 1 + call.structureLength)
        if let (field, width) = call.dataLengthField {
            let data =
                width == 8
                ? structure.littleEndian(at: field, as: UInt64.self)
                : UInt64(structure.littleEndian(at: field, as: UInt32.self))
            guard data <= longestData, data <= UInt64(Int64.max) else {
                throw fault(.damaged, "a call that moved \(data) bytes, more than the memory's \(longestData)")
            }
            length += data
        }
        return (call, length)
    }

    private func fault(_ code: TraceFormatError.Code, _ message: String) -> TraceFormatError {
        TraceFormatError(code, offset: offset, entry: number, message)
    }
}
