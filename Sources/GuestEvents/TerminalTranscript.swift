public import Foundation

/// What programs read from a terminal, and wrote to it.
public struct TerminalTranscript: Sendable, Hashable {
    /// What was typed up to a return key.
    public struct Line: Sendable, Hashable {
        /// When its first byte was read.
        public let instruction: UInt64
        /// When, by the guest's clock.
        public let time: Date?
        /// The program that read its first byte.
        public let reader: GuestEvent.Task
        /// What was typed, keys that edit the line as well, without the return key.
        public internal(set) var text: GuestText
        /// Whether the return key came.
        public internal(set) var isEnded = false
    }

    /// The terminal's path.
    public let path: GuestText
    /// What was typed.
    public private(set) var lines: [Line] = []
    /// What programs wrote.
    public private(set) var output: [UInt8] = []
    /// How many columns its window had first; nothing where no program asked.
    public private(set) var columns: Int?
    /// Whether something is missing, since there was too much.
    public private(set) var isCut = false

    private static let mostOutput = 32 << 20
    private static let mostLines = 100_000
    private static let longestLine = 64 << 10

    init(path: GuestText) {
        self.path = path
    }

    mutating func append(_ use: GuestEvent.TerminalUse, by task: GuestEvent.Task, at event: GuestEvent) {
        if use.isCut { isCut = true }
        guard !use.isOutput else {
            let room = max(0, Self.mostOutput - output.count)
            if use.data.bytes.count > room { isCut = true }
            output += use.data.bytes.prefix(room)
            return
        }
        for byte in use.data.bytes { type(byte, task, event) }
    }

    mutating func resize(_ columns: Int) {
        if self.columns == nil, (1...10_000).contains(columns) { self.columns = columns }
    }

    private mutating func type(_ byte: UInt8, _ task: GuestEvent.Task, _ event: GuestEvent) {
        let isReturn = byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
        if lines.last.map({ $0.isEnded }) ?? true {
            guard lines.count < Self.mostLines else {
                isCut = true
                return
            }
            lines.append(
                Line(
                    instruction: event.instruction,
                    time: event.time,
                    reader: task,
                    text: GuestText(bytes: [])
                )
            )
        }
        let last = lines.count - 1
        if isReturn {
            lines[last].isEnded = true
        } else if lines[last].text.bytes.count < Self.longestLine {
            lines[last].text = GuestText(bytes: lines[last].text.bytes + [byte])
        } else {
            isCut = true
        }
    }

    /// The output as lines of text, without what drives a terminal; see ``PlainScreen``.
    public var screen: [String] { PlainScreen(output, columns: columns).lines }
}
