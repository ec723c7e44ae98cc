/// Reads the entries of a log one after the other, in memory that does not grow with it.
public struct PandalogReader: ~Copyable {
    /// The largest entry that is believed: the longest are buffers of system calls.
    private static let largestEntry: UInt64 = 16 << 20
    private static let pieceBytes: UInt64 = 1 << 16

    private let log: Pandalog
    private let file: PandalogFile
    private let schema: PandalogSchema
    private var chunk = -1
    private var place: UInt64 = 0
    private var input: ArraySlice<UInt8> = []
    private var output: [UInt8] = []
    private var used = 0
    private var inflater: Inflater?
    private var isAtEndOfChunk = true
    private var numberInChunk: UInt64 = 0
    private var number = 0
    private var isDone = false

    init(of log: Pandalog, schema: PandalogSchema = .panda) throws(PandalogError) {
        self.log = log
        self.schema = schema
        file = try PandalogFile(log.path)
    }

    /// The next entry; nothing at the end.
    ///
    /// - Throws: ``PandalogError``; nothing follows it.
    public mutating func next() throws(PandalogError) -> PandalogEntry? {
        guard !isDone else { return nil }
        do throws(PandalogError) {
            while let bytes = try nextBytes() {
                let entry = try entry(bytes)
                number += 1
                // The one that PANDA begins each log with.
                if number == 1, entry.instruction == .max, entry.fields.fields.isEmpty { continue }
                return entry
            }
        } catch {
            isDone = true
            throw error
        }
        isDone = true
        return nil
    }

    private func entry(_ bytes: [UInt8]) throws(PandalogError) -> PandalogEntry {
        let message: PandalogMessage
        do throws(MessageReader.Problem) {
            message = try MessageReader(bytes, schema: schema).read(PandalogSchema.root)
        } catch {
            throw PandalogError(
                .badEntry,
                at: chunkStart,
                entry: number,
                "\(error.message), at its byte \(error.offset)"
            )
        }
        guard let counter = message.unsigned("pc"), let instruction = message.unsigned("instr") else {
            throw PandalogError(
                .badEntry,
                at: chunkStart,
                entry: number,
                "it does not say where and when it was written"
            )
        }
        var rest = PandalogMessage()
        for field in message.fields where field.name != "pc" && field.name != "instr" {
            rest.add(field.value, to: field.name, isRepeated: false)
        }
        return PandalogEntry(number: number, counter: counter, instruction: instruction, fields: rest)
    }

    private var chunkStart: UInt64? {
        log.chunks.indices.contains(chunk) ? log.chunks[chunk].range.lowerBound : nil
    }

    /// The bytes of the next entry; nothing at the end of the last chunk.
    private mutating func nextBytes() throws(PandalogError) -> [UInt8]? {
        while output.count - used < 4 {
            if try fill() { continue }
            guard output.count == used else {
                throw PandalogError(
                    .badChunk,
                    at: chunkStart,
                    entry: number,
                    "the chunk ends in an entry's length"
                )
            }
            try requireAllOfChunk()
            guard try openNextChunk() else { return nil }
        }
        let length = output[used..<used + 4].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Self.largestEntry else {
            throw PandalogError(
                .tooLarge,
                at: chunkStart,
                entry: number,
                "it is said to have \(length) bytes"
            )
        }
        while output.count - used - 4 < Int(length) {
            guard try fill() else {
                throw PandalogError(.badChunk, at: chunkStart, entry: number, "the chunk ends in the entry")
            }
        }
        let start = used + 4
        used = start + Int(length)
        numberInChunk += 1
        return Array(output[start..<used])
    }

    private mutating func openNextChunk() throws(PandalogError) -> Bool {
        chunk += 1
        guard chunk < log.chunks.count else { return false }
        place = log.chunks[chunk].range.lowerBound
        input = []
        inflater = Inflater()
        guard inflater != nil else { throw PandalogError(.cannotRead, "no memory to decompress the log") }
        isAtEndOfChunk = false
        numberInChunk = 0
        return true
    }

    /// Holds a chunk that was read against what the directory says of it: entries may lie in what it leaves out.
    private func requireAllOfChunk() throws(PandalogError) {
        guard log.chunks.indices.contains(chunk) else { return }
        let said = log.chunks[chunk]
        let rest = said.range.upperBound - place + UInt64(input.count)
        guard rest == 0 else {
            throw PandalogError(
                .badChunk,
                at: said.range.upperBound - rest,
                entry: number,
                "the chunk ends \(rest) bytes before the directory says"
            )
        }
        guard numberInChunk == said.entries else {
            throw PandalogError(
                .badChunk,
                at: said.range.lowerBound,
                entry: number,
                "the chunk has \(numberInChunk) entries, and the directory says \(said.entries)"
            )
        }
    }

    /// Decompresses some more of the chunk.
    ///
    /// - Returns: Whether there was any.
    private mutating func fill() throws(PandalogError) -> Bool {
        guard !isAtEndOfChunk else { return false }
        if used > 0 {
            output.removeSubrange(..<used)
            used = 0
        }
        let end = log.chunks[chunk].range.upperBound
        while true {
            if input.isEmpty, place < end {
                let count = min(Self.pieceBytes, end - place)
                input = try file.read(place, count)[...]
                place += count
            }
            let before = output.count
            switch inflater?.step(&input, into: &output) {
            case .end, nil: isAtEndOfChunk = true
            case .damaged(let words):
                throw PandalogError(
                    .badChunk,
                    at: chunkStart,
                    entry: number,
                    "the chunk is damaged: \(words)"
                )
            case .more: break
            case .hungry:
                if output.count == before, input.isEmpty, place >= end {
                    throw PandalogError(.badChunk, at: chunkStart, entry: number, "the chunk is cut")
                }
            }
            if output.count > before { return true }
            if isAtEndOfChunk { return false }
        }
    }
}
