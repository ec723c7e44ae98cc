public import Foundation

/// Something that happened in a guest, as the plugin `guest_events` tells.
public struct GuestEvent: Hashable, Sendable {
    /// The guest instructions that had been executed.
    public let instruction: UInt64
    /// The guest's own clock, as of its last tick; nothing where the trace's kernel profile does not tell where it is.
    public let time: Date?
    /// What happened.
    public let content: Content

    /// Describes an event.
    public init(instruction: UInt64, time: Date?, content: Content) {
        self.instruction = instruction
        self.time = time
        self.content = content
    }

    /// The task that did something.
    public struct Task: Hashable, Sendable {
        /// Its process.
        public let pid: Int
        /// Its own number, that of its process for the first.
        public let tid: Int
        /// What it is called, 15 bytes at the most.
        public let name: GuestText

        /// Describes a task.
        public init(pid: Int, tid: Int, name: GuestText) {
            self.pid = pid
            self.tid = tid
            self.name = name
        }
    }

    /// A program, as a process runs it.
    public struct Program: Hashable, Sendable {
        /// The process' parent.
        public let parent: Int
        /// The executable; nothing where it is not known.
        public let path: GuestText?
        /// The file that was asked for, a script perhaps; nothing where it is not known.
        public let file: GuestText?
        /// The argument vector; nothing where it could not be read.
        public let arguments: [GuestText]?
        /// The folder it was started in.
        public let folder: GuestText?
        /// Whether there are more arguments.
        public let isCut: Bool
    }

    /// How a task ended.
    public enum Ending: Hashable, Sendable {
        /// With a status.
        case status(Int)
        /// By a signal.
        case signal(Int)
    }

    /// One end of a socket.
    public struct Address: Hashable, Sendable {
        /// `inet`, `inet6`, `unix`, or the number of another family.
        public let family: String
        /// An Internet address.
        public let host: String?
        /// A port.
        public let port: Int?
        /// The name of a Unix socket.
        public let path: GuestText?
    }

    /// What was done with a socket.
    public struct SocketUse: Hashable, Sendable {
        /// The system call.
        public enum Operation: String, Hashable, Sendable, CaseIterable {
            /// A connection was asked for.
            case connect
            /// An address was taken.
            case bind
            /// Connections are waited for.
            case listen
            /// A connection was taken.
            case accept
            /// A message was sent to somebody.
            case send
        }

        /// What was done.
        public let operation: Operation
        /// The address that the call named, or that of who was accepted.
        public let named: Address?
        /// This end, as the kernel knows it.
        public let local: Address?
        /// The other end.
        public let peer: Address?
        /// `stream`, `datagram` and so on.
        public let type: String?
        /// The number of the error that came of it.
        public let error: Int?
        /// Whether nobody knows what came of it: a signal came, or the end.
        public let isUnfinished: Bool
    }

    /// A change of names or attributes.
    public struct Change: Hashable, Sendable {
        /// `rename`, `unlink` and so on.
        public let operation: String
        /// The file.
        public let path: GuestText?
        /// Its new name, or the other one.
        public let to: GuestText?
        /// What a symbolic link leads to, or what is mounted.
        public let target: GuestText?
        /// Its permissions.
        public let mode: Int?
    }

    /// A mapping.
    public struct Mapping: Hashable, Sendable {
        /// Its first address.
        public let start: UInt64
        /// The address behind its last.
        public let end: UInt64
        /// `r`, `w`, `x` and `s` or `p`, or `-` in their place.
        public let rights: String
        /// The file, or what the kernel calls it.
        public let path: GuestText?
    }

    /// What went over a terminal.
    public struct TerminalUse: Hashable, Sendable {
        /// The terminal's path.
        public let path: GuestText
        /// Whether the process wrote, and did not read.
        public let isOutput: Bool
        /// What was written or read.
        public let data: GuestText
        /// Whether there was more.
        public let isCut: Bool
    }

    /// The sum of what a process did with a file.
    public struct FileUse: Hashable, Sendable {
        /// The file.
        public let path: GuestText
        /// Bytes that were read.
        public let read: UInt64
        /// Bytes that were written.
        public let written: UInt64
        /// The instructions of the first use and of the last.
        public let instructions: ClosedRange<UInt64>
    }

    /// What happened.
    public enum Content: Hashable, Sendable {
        /// The events begin: the kernel, and what cannot be told of this guest.
        case begin(kernel: GuestText, lacks: [String])
        /// A process was there when the recording began.
        case process(Task, Program)
        /// A task was made; a thread where its process has another number.
        case start(Task, parent: Int)
        /// A process began to run a program.
        case exec(Task, Program)
        /// A task ended.
        case exit(Task, Ending)
        /// A task got the processor, from another.
        case switched(Task, from: Int)
        /// A file was opened.
        case open(Task, path: GuestText, flags: [String])
        /// A process wrote to a file for the first time.
        case write(Task, path: GuestText)
        /// Names or attributes were changed.
        case change(Task, Change)
        /// Something was done with a socket.
        case socket(Task, SocketUse)
        /// A file was mapped.
        case map(Task, Mapping)
        /// All that a process has mapped, when it began a program or ended.
        case mappings(Task, at: String, [Mapping])
        /// Something went over a terminal.
        case terminal(Task, TerminalUse)
        /// A process asked how large a terminal's window is, or said so.
        case window(Task, path: GuestText, rows: Int, columns: Int)
        /// A sum: what a program did with a file.
        case file(pid: Int, name: GuestText, FileUse)
        /// A process used more files than sums are kept of.
        case filesDropped(pid: Int, name: GuestText, count: UInt64)
        /// A sum: the system calls of a program.
        case systemCalls(pid: Int, name: GuestText, counts: [String: UInt64])
        /// The events end: how many there are, and how many more there was no room for.
        case end(events: UInt64, dropped: UInt64)
    }

    /// The task that did it; nothing where none did.
    public var task: Task? {
        switch content {
        case .process(let task, _), .start(let task, _), .exec(let task, _), .exit(let task, _),
            .switched(let task, _), .open(let task, _, _), .write(let task, _), .change(let task, _),
            .socket(let task, _), .map(let task, _), .mappings(let task, _, _), .terminal(let task, _),
            .window(let task, _, _, _):
            task
        case .begin, .file, .filesDropped, .systemCalls, .end: nil
        }
    }

    /// The process that it is about; nothing where it is about none.
    public var pid: Int? {
        switch content {
        case .file(let pid, _, _), .filesDropped(let pid, _, _), .systemCalls(let pid, _, _): pid
        default: task?.pid
        }
    }
}
