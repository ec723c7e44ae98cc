/// The kinds of events, as the plugin names them.
public enum EventKind: String, Sendable, CaseIterable {
    /// The first line.
    case begin
    /// A process that was there.
    case process
    /// A new task.
    case start
    /// A program was begun.
    case exec
    /// A task ended.
    case exit
    /// A task got the processor.
    case switched = "switch"
    /// A file was opened.
    case open
    /// A first write.
    case write
    /// A change of names or attributes.
    case change
    /// A connection was asked for.
    case connect
    /// An address was taken.
    case bind
    /// Connections are waited for.
    case listen
    /// A connection was taken.
    case accept
    /// A message to somebody.
    case send
    /// A file was mapped.
    case map
    /// All mappings.
    case mappings
    /// What went over a terminal.
    case terminal
    /// The size of a terminal's window.
    case window
    /// The sum of a file.
    case file
    /// Files without sums.
    case filesDropped = "files-dropped"
    /// The sum of system calls.
    case systemCalls = "syscalls"
    /// The last line.
    case end
}
