public import Foundation
public import HostSupport

/// What a guest's programs did, gathered from events.
public struct GuestActivity: Sendable {
    /// A process, from when it was made or seen first.
    public struct Process: Sendable, Hashable {
        /// A program that it ran.
        public struct Run: Sendable, Hashable {
            /// When it began; nothing where it ran already.
            public let instruction: UInt64?
            /// When, by the guest's clock.
            public let time: Date?
            /// The program.
            public let program: GuestEvent.Program
        }

        /// Its number, which a later process may have again.
        public let pid: Int
        /// Its parent's number.
        public var parent: Int
        /// What it is called at last.
        public var name: GuestText
        /// When it was made; nothing where it was there.
        public let started: UInt64?
        /// When, by the guest's clock.
        public let startTime: Date?
        /// The programs that it ran, one after the other.
        public var runs: [Run] = []
        /// When it ended; nothing where it lived on.
        public var ended: UInt64?
        /// How it ended.
        public var ending: GuestEvent.Ending?
        /// The instructions during which it had the processor.
        public var instructions: UInt64 = 0
        /// System calls by name.
        public var systemCalls: [String: UInt64] = [:]

        /// How many system calls it made.
        public var systemCallCount: UInt64 { systemCalls.values.reduce(0) { $0.saturatingAdding($1) } }
    }

    /// A span during which a process had the processor.
    public struct Turn: Sendable, Hashable {
        /// The place of the process in ``GuestActivity/processes``.
        public let process: Int
        /// From where to where.
        public let instructions: Range<UInt64>
    }

    /// What all processes did with a file.
    public struct File: Sendable, Hashable {
        /// Its name.
        public let path: GuestText
        /// Bytes read.
        public var read: UInt64 = 0
        /// Bytes written.
        public var written: UInt64 = 0
        /// When it was used first.
        public var first: UInt64
        /// When it was used last.
        public var last: UInt64
        /// The names of the processes that used it, in the order of the first use.
        public var users: [GuestText] = []
    }

    /// A change of names or attributes.
    public struct Change: Sendable, Hashable {
        /// When.
        public let instruction: UInt64
        /// Who.
        public let task: GuestEvent.Task
        /// What.
        public let change: GuestEvent.Change
    }

    /// What was done with a socket.
    public struct Connection: Sendable, Hashable {
        /// When.
        public let instruction: UInt64
        /// Who.
        public let task: GuestEvent.Task
        /// What.
        public let use: GuestEvent.SocketUse
    }

    /// The guest's kernel.
    public private(set) var kernel = GuestText(bytes: [])
    /// What could not be told of this guest.
    public private(set) var lacks: [String] = []
    /// Whether the events have their end.
    public private(set) var isComplete = false
    /// Events that there was no room for.
    public private(set) var dropped: UInt64 = 0
    /// How many events there are.
    public private(set) var eventCount = 0
    /// The last event's instruction.
    public private(set) var instructions: UInt64 = 0
    /// The processes, in the order in which they were seen.
    public private(set) var processes: [Process] = []
    /// Who had the processor when.
    public private(set) var turns: [Turn] = []
    /// The files that were read, written or opened for writing, in the order of the first use.
    public private(set) var files: [File] = []
    /// Changes.
    public private(set) var changes: [Change] = []
    /// Sockets.
    public private(set) var connections: [Connection] = []
    /// What went over each terminal, in the order of the first use.
    public private(set) var terminals: [TerminalTranscript] = []
    /// What was left out, for there is a limit to what is kept in memory.
    public private(set) var leftOut = 0

    /// The processes that a line on a terminal brought about: those that its reader, or a child of it, made between
    /// the return key and the next line.
    ///
    /// - Parameters:
    ///   - line: The place of the line.
    ///   - terminal: The terminal.
    /// - Returns: The processes, in the order in which they were made.
    public func processes(of line: Int, on terminal: TerminalTranscript) -> [Process] {
        let reader = terminal.lines[line].reader.pid
        let from = terminal.lines[line].instruction
        let to = line + 1 < terminal.lines.count ? terminal.lines[line + 1].instruction : .max
        var family: Set = [reader]
        var found: [Process] = []
        for process in processes {
            guard let started = process.started, (from..<to).contains(started),
                family.contains(process.parent)
            else { continue }
            family.insert(process.pid)
            found.append(process)
        }
        return found
    }

    /// The most entries of each list.
    private static let most = 200_000

    private var places: [Int: Int] = [:]
    private var filePlaces: [GuestText: Int] = [:]
    /// The places of processes whose main thread has ended.
    private var withoutMainThread: Set<Int> = []
    private var running: (process: Int, since: UInt64)?

    /// Gathers the events of a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limits: What is taken from it.
    /// - Throws: ``HostSupport/Failure`` as ``EventReader/read(_:)`` does.
    public init(_ path: HostPath, limits: EventLimits = EventLimits()) throws {
        isComplete = try EventReader(path, limits: limits).read { event, _ in take(event) }
        endTurn(at: instructions)
    }

    /// Gathers events.
    public init(_ events: some Sequence<GuestEvent>) {
        for event in events {
            take(event)
            if case .end = event.content { isComplete = true }
        }
        endTurn(at: instructions)
    }

    private mutating func take(_ event: GuestEvent) {
        eventCount += 1
        instructions = event.instruction
        if let task = event.task, let place = place(of: task, event) { note(task, in: place, event) }
        switch event.content {
        case .begin(let kernel, let lacks): (self.kernel, self.lacks) = (kernel, lacks)
        case .process(let task, let program): enter(task, program, since: nil, event)
        case .start(let task, let parent): start(task, parent, event)
        case .exec(let task, let program): enter(task, program, since: event.instruction, event)
        case .exit(let task, let ending): end(task, ending, event)
        case .switched(let task, _): turn(to: task, event)
        case .open(let task, let path, let flags):
            if flags.contains("write") { use(path, by: task.name, event.instruction...event.instruction) }
        case .write(let task, let path): use(path, by: task.name, event.instruction...event.instruction)
        case .change(let task, let change):
            append(Change(instruction: event.instruction, task: task, change: change), to: \.changes)
        case .socket(let task, let use):
            append(Connection(instruction: event.instruction, task: task, use: use), to: \.connections)
        case .terminal(let task, let use): onTerminal(use.path) { $0.append(use, by: task, at: event) }
        case .window(_, let path, _, let columns): onTerminal(path) { $0.resize(columns) }
        case .file(_, let name, let sum):
            use(sum.path, by: name, sum.instructions, read: sum.read, written: sum.written)
        case .filesDropped(_, _, let count): leaveOut(Int(clamping: count))
        case .systemCalls(let pid, _, let counts):
            guard let place = places[pid] else { return }
            processes[place].systemCalls.merge(counts) { $0.saturatingAdding($1) }
        case .end(_, let dropped): self.dropped = dropped
        case .map, .mappings: break
        }
    }

    private mutating func leaveOut(_ count: Int) { leftOut = leftOut.saturatingAdding(count) }

    private mutating func append<Element>(
        _ element: Element,
        to list: WritableKeyPath<GuestActivity, [Element]>
    ) {
        guard self[keyPath: list].count < Self.most else {
            leaveOut(1)
            return
        }
        self[keyPath: list].append(element)
    }

    /// A process lives where one of its threads does something, though its main thread may have ended.
    private mutating func note(_ task: GuestEvent.Task, in place: Int, _ event: GuestEvent) {
        // It may be another process, which has the number again.
        if case .start = event.content { return }
        processes[place].name = task.name
        if case .exit = event.content { return }
        processes[place].ended = nil
        processes[place].ending = nil
    }

    /// The place of a task's process, which is entered where nobody has told of it.
    private mutating func place(of task: GuestEvent.Task, _ event: GuestEvent) -> Int? {
        if let place = places[task.pid] { return place }
        return enter(Process(pid: task.pid, parent: 0, name: task.name, started: nil, startTime: nil))
    }

    @discardableResult
    private mutating func enter(_ process: Process) -> Int? {
        guard processes.count < Self.most else {
            leaveOut(1)
            return nil
        }
        places[process.pid] = processes.count
        processes.append(process)
        return processes.count - 1
    }

    private mutating func start(_ task: GuestEvent.Task, _ parent: Int, _ event: GuestEvent) {
        // A thread is a task of a process that there is.
        guard task.pid == task.tid else { return }
        let process = Process(
            pid: task.pid,
            parent: parent,
            name: task.name,
            started: event.instruction,
            startTime: event.time
        )
        // Its first event has entered it just now.
        if let place = places[task.pid], processes[place].started == nil, processes[place].runs.isEmpty,
            processes[place].ended == nil
        {
            processes[place] = process
        } else {
            enter(process)
        }
    }

    private mutating func enter(
        _ task: GuestEvent.Task,
        _ program: GuestEvent.Program,
        since instruction: UInt64?,
        _ event: GuestEvent
    ) {
        guard let place = places[task.pid] else { return }
        processes[place].parent = program.parent
        processes[place].runs.append(.init(instruction: instruction, time: event.time, program: program))
    }

    private mutating func end(_ task: GuestEvent.Task, _ ending: GuestEvent.Ending, _ event: GuestEvent) {
        guard let place = places[task.pid] else { return }
        if task.pid == task.tid { withoutMainThread.insert(place) }
        // Of its other threads, those that outlive the main one end it.
        guard withoutMainThread.contains(place) else { return }
        processes[place].ended = event.instruction
        processes[place].ending = ending
    }

    private mutating func turn(to task: GuestEvent.Task, _ event: GuestEvent) {
        endTurn(at: event.instruction)
        if let place = places[task.pid] { running = (place, event.instruction) }
    }

    private mutating func endTurn(at instruction: UInt64) {
        guard let (process, since) = running, since < instruction else { return }
        running = nil
        let instructions = processes[process].instructions
        processes[process].instructions = instructions.saturatingAdding(instruction - since)
        append(Turn(process: process, instructions: since..<instruction), to: \.turns)
    }

    private mutating func use(
        _ path: GuestText,
        by name: GuestText,
        _ span: ClosedRange<UInt64>,
        read: UInt64 = 0,
        written: UInt64 = 0
    ) {
        if filePlaces[path] == nil {
            guard files.count < Self.most else {
                leaveOut(1)
                return
            }
            filePlaces[path] = files.count
            files.append(File(path: path, first: span.lowerBound, last: span.upperBound))
        }
        guard let place = filePlaces[path] else { return }
        files[place].read = files[place].read.saturatingAdding(read)
        files[place].written = files[place].written.saturatingAdding(written)
        files[place].first = min(files[place].first, span.lowerBound)
        files[place].last = max(files[place].last, span.upperBound)
        if !files[place].users.contains(name), files[place].users.count < 100 {
            files[place].users.append(name)
        }
    }

    private mutating func onTerminal(_ path: GuestText, _ change: (inout TerminalTranscript) -> Void) {
        if let place = terminals.firstIndex(where: { $0.path == path }) {
            change(&terminals[place])
        } else if terminals.count < 1000 {
            var transcript = TerminalTranscript(path: path)
            change(&transcript)
            terminals.append(transcript)
        } else {
            leaveOut(1)
        }
    }
}

extension FixedWidthInteger {
    /// A sum of numbers that are not negative, which stays at the largest number: events may have any.
    func saturatingAdding(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
