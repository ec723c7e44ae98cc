import Glibc
import Synchronization

private let received = Atomic<Int>(0)

/// SIGINT and SIGTERM, taken as messages instead of as the end of this process.
///
/// A run must be ended properly to keep what it recorded, so a signal asks for that and does nothing else.
public enum Interrupts {
    /// Takes over the two signals for the rest of this process's life.
    public static func take() {
        _ = received.load(ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in _ = received.add(1, ordering: .relaxed) }
        }
    }

    /// Lets a write to a pipe that nobody reads fail instead of ending this process.
    ///
    /// A handler and not SIG_IGN, which the programs that we start would inherit.
    public static func survivePipes() {
        signal(SIGPIPE) { _ in }
    }

    /// Forgets the signals that have arrived: they were acted on.
    public static func forget() { received.store(0, ordering: .relaxed) }

    /// How many signals have arrived: the first asks for an orderly end, a second for a quick one.
    public static var count: Int { received.load(ordering: .relaxed) }
}
