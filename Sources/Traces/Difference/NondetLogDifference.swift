/// Where two logs part.
public struct NondetLogDifference: Hashable, Sendable {
    /// In what two entries differ, the first of these that does.
    public enum Aspect: Hashable, Sendable {
        /// One of the logs has no more entries, though the other has: the first, or the second.
        case end(ofFirst: Bool)
        /// They happen at different counts of instructions.
        case instructionCount
        /// They are of different kinds, or of different calls.
        case kind
        /// They come from different places in the emulator.
        case callsite
        /// What they hold differs.
        case payload
        /// Their data differ, first at this offset in the data.
        case data(offset: Int)
    }

    /// In what they differ.
    public var aspect: Aspect
    /// How many entries are alike before.
    public var equalEntries: Int
    /// The count of the last entry that is alike, in guest instructions; 0 where none is.
    public var equalInstructions: UInt64
    /// The entry of the first log; `nil` where it has none.
    public var first: NondetEntry?
    /// The entry of the second log; `nil` where it has none.
    public var second: NondetEntry?
}

extension NondetLog {
    /// Finds where this log and another part.
    ///
    /// Addresses in the emulators are not compared, nor is the padding in structures: they differ from run to run. A log
    /// that is damaged ends where the damage is.
    ///
    /// - Parameters:
    ///   - other: The other log.
    ///   - limits: What is believed of both.
    /// - Returns: Nothing where all entries are alike.
    public func difference(
        from other: NondetLog,
        limits: NondetLogLimits = NondetLogLimits()
    ) -> NondetLogDifference? {
        var readers = (makeReader(limits: limits), other.makeReader(limits: limits))
        var instructions: UInt64 = 0
        var equal = 0
        while true {
            let first = try? readers.0.next()
            let second = try? readers.1.next()
            guard let aspect = aspect(first, second, of: other) else {
                guard let first else { return nil }
                equal += 1
                instructions = first.instructionCount
                continue
            }
            return NondetLogDifference(
                aspect: aspect,
                equalEntries: equal,
                equalInstructions: instructions,
                first: first,
                second: second
            )
        }
    }

    private func aspect(
        _ first: NondetEntry?,
        _ second: NondetEntry?,
        of other: NondetLog
    ) -> NondetLogDifference.Aspect? {
        guard let first, let second else {
            return first == nil && second == nil ? nil : .end(ofFirst: first == nil)
        }
        if first.instructionCount != second.instructionCount { return .instructionCount }
        if first.kind != second.kind || first.call != second.call { return .kind }
        if first.callsite != second.callsite { return .callsite }
        if first.payload.withoutHostAddresses != second.payload.withoutHostAddresses { return .payload }
        return dataDifference(first.dataRange, second.dataRange, of: other).map { .data(offset: $0) }
    }

    private func dataDifference(_ range: Range<Int>, _ otherRange: Range<Int>, of other: NondetLog) -> Int? {
        withBytes(of: range) { mine in
            other.withBytes(of: otherRange) { theirs in
                let common = min(mine.byteCount, theirs.byteCount)
                for offset in 0..<common {
                    let bytes = (
                        mine.unsafeLoad(fromByteOffset: offset, as: UInt8.self),
                        theirs.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
                    )
                    if bytes.0 != bytes.1 { return offset }
                }
                return mine.byteCount == theirs.byteCount ? nil : common
            }
        }
    }
}
