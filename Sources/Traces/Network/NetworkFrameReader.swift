/// Reads the frames of a log, in their order, with the reads of the time stamp counter around each.
///
/// Memory is bounded: at most 4096 frames wait for the next read of the counter; those that wait longer have none after
/// them.
public struct NetworkFrameReader: Sendable {
    private static let mostWaiting = 4096

    private let log: NondetLog
    private var reader: NondetLogReader
    private var assembler = FrameAssembler()
    private var lastRead: ClockReads.Read?
    private var waiting: [NetworkFrame] = []
    private var bracketed = 0
    private var ready: [NetworkFrame] = []
    private var isAtEnd = false

    init(of log: NondetLog, limits: NondetLogLimits) {
        self.log = log
        reader = log.makeReader(limits: limits)
    }

    /// The next frame, or `nil` where the log ends.
    ///
    /// - Throws: ``TraceFormatError``, as ``NondetLogReader/next()``; the frames before the damage come first.
    public mutating func next() throws(TraceFormatError) -> NetworkFrame? {
        while ready.isEmpty, !isAtEnd { try readEntry() }
        return ready.popLast()
    }

    private mutating func readEntry() throws(TraceFormatError) {
        let entry: NondetEntry?
        do throws(TraceFormatError) {
            entry = try reader.next()
        } catch {
            // The reader says the same again when it is asked again.
            guard assembler.hasPending || !waiting.isEmpty else { throw error }
            finish()
            return
        }
        guard let entry else {
            finish()
            isAtEnd = true
            return
        }
        if let read = ClockReads.Read(entry) {
            lastRead = read
            if !waiting.isEmpty { release(before: read) }
        }
        assembler.next(entry, of: log) { waiting.append($0) }
        bracketNew()
    }

    /// A frame that is new was begun after the last read: what comes in comes in at one point of the guest's run.
    private mutating func bracketNew() {
        while bracketed < waiting.count {
            waiting[bracketed].bracket.before = lastRead
            bracketed += 1
        }
        if waiting.count >= Self.mostWaiting { release(before: nil) }
    }

    private mutating func finish() {
        assembler.flush { waiting.append($0) }
        bracketNew()
        release(before: nil)
    }

    /// Hands out the frames that wait, the first of them last: they are taken from the end.
    private mutating func release(before read: ClockReads.Read?) {
        ready = waiting.reversed().map { frame in
            var frame = frame
            frame.bracket.after = read
            return frame
        }
        waiting.removeAll(keepingCapacity: true)
        bracketed = 0
    }
}

extension NondetLog {
    /// Starts reading the frames of the guest's network at the first.
    public func makeFrameReader(limits: NondetLogLimits = NondetLogLimits()) -> NetworkFrameReader {
        NetworkFrameReader(of: self, limits: limits)
    }
}
