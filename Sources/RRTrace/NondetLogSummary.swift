/// What a log consists of, and whether it is whole.
public struct NondetLogSummary: Sendable, Hashable {
    /// How many entries of a kind there are, and their bytes with their headers.
    public struct Tally: Sendable, Hashable {
        /// How many entries.
        public var entries: UInt64 = 0
        /// How many bytes they have.
        public var bytes: UInt64 = 0
    }

    /// The number of entries that are whole, the end entry included.
    public private(set) var entries: UInt64 = 0
    /// The instruction count of the last whole entry.
    public private(set) var instructions: UInt64 = 0
    /// Where the last whole entry ends, in bytes from the start of the file.
    public private(set) var wholeBytes: UInt64 = 8
    /// Entries by kind.
    public private(set) var kinds: [NondetKind: Tally] = [:]
    /// Skipped calls by what was skipped.
    public private(set) var calls: [SkippedCallKind: Tally] = [:]
    /// What is wrong; nothing where the log is whole.
    public private(set) var problem: TraceFormatError?

    /// Whether the log is whole: closed, with its end entry and nothing behind it.
    public var isComplete: Bool { problem == nil }

    /// Reads a log from its first byte to its last.
    ///
    /// - Parameters:
    ///   - path: The log.
    ///   - longestData: The most bytes that one call can have moved: the machine's memory is a bound.
    public init(of path: String, longestData: UInt64 = .max) {
        var kindTallies = [Tally](repeating: Tally(), count: NondetKind.allCases.count)
        var callTallies = [Tally](repeating: Tally(), count: SkippedCallKind.allCases.count)
        do throws(TraceFormatError) {
            var reader = try NondetLogReader(path, longestData: longestData)
            while let entry = try reader.next() {
                entries += 1
                instructions = entry.instructionCount
                wholeBytes = entry.offset + entry.length
                kindTallies[Int(entry.kind.rawValue)].add(entry.length)
                if let call = entry.call { callTallies[Int(call.rawValue)].add(entry.length) }
            }
            problem = Self.headerProblem(reader.headerInstructions, instructions)
        } catch {
            problem = error
        }
        for kind in NondetKind.allCases where kindTallies[Int(kind.rawValue)].entries > 0 {
            kinds[kind] = kindTallies[Int(kind.rawValue)]
        }
        for call in SkippedCallKind.allCases where callTallies[Int(call.rawValue)].entries > 0 {
            calls[call] = callTallies[Int(call.rawValue)]
        }
    }

    private static func headerProblem(_ header: UInt64, _ counted: UInt64) -> TraceFormatError? {
        if header == counted, header > 0 { return nil }
        return header == 0
            ? TraceFormatError(.notEnded, offset: 0, "the log was not closed: its header is zero")
            : TraceFormatError(
                .damaged, offset: 0, "the header tells \(header) instructions, the end entry \(counted)")
    }
}

extension NondetLogSummary.Tally {
    fileprivate mutating func add(_ length: UInt64) {
        entries += 1
        bytes += length
    }
}
