import Foundation
import Glibc
import Synchronization

/// What a person at the terminal is told while a command runs; results go to standard output, this does not.
///
/// Everything is written to standard error. A progress line is drawn only on a terminal, and is wiped before
/// anything else is written.
public final class Console: Sendable {
    /// How much to say.
    public enum Verbosity: Int, Sendable, Comparable {
        /// Errors and warnings only.
        case quiet
        /// Steps and progress.
        case normal
        /// Every tool that is run, too.
        case verbose

        /// Orders by how much is said.
        public static func < (left: Verbosity, right: Verbosity) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Line {
        var drawn = false
        var lastDraw: ContinuousClock.Instant?
    }

    /// How much is said.
    public let verbosity: Verbosity
    private let prefix: String
    private let isTerminal: Bool
    private let line = Mutex(Line())

    /// Creates a console that writes to standard error.
    public convenience init(_ verbosity: Verbosity = .normal) { self.init(verbosity, prefix: "") }

    private init(_ verbosity: Verbosity, prefix: String) {
        self.verbosity = verbosity
        self.prefix = prefix
        isTerminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// The console of one piece of work among many: it tells of warnings, and of steps to whoever wants every detail.
    ///
    /// - Parameter name: What its lines begin with.
    /// - Returns: The console.
    public func named(_ name: String) -> Console {
        Console(verbosity == .verbose ? .verbose : .quiet, prefix: prefix + name + ": ")
    }

    /// Says that a step has begun or what came of it.
    public func step(_ text: String) { write(prefix + text, from: .normal) }

    /// Says something that only someone who looks for a fault wants to know.
    public func detail(_ text: String) { write(prefix + text, from: .verbose) }

    /// Says that something is not as it should be.
    public func warning(_ text: String) { write("warning: " + prefix + text, from: .quiet) }

    /// Draws the progress line anew, at most ten times a second, on a terminal only.
    public func progress(_ text: @autoclosure () -> String) {
        guard isTerminal, verbosity >= .normal else { return }
        line.withLock { line in
            let now = ContinuousClock.now
            if let last = line.lastDraw, now - last < .milliseconds(100) { return }
            line.lastDraw = now
            line.drawn = true
            emit("\r\u{1B}[K" + Self.printable(text()).prefix(Self.columns - 1))
        }
    }

    /// Says that a step has begun, and shows how long it takes while it lasts.
    ///
    /// - Parameters:
    ///   - text: What is done.
    ///   - body: The step.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws.
    public func step<Result: Sendable>(
        _ text: String,
        body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        step(text)
        let start = ContinuousClock.now
        let ticking = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(500))
                progress("\(text): \((ContinuousClock.now - start).text)")
            }
        }
        defer {
            ticking.cancel()
            endProgress()
        }
        return try await body()
    }

    /// Wipes the progress line.
    public func endProgress() {
        line.withLock { line in
            if line.drawn { emit("\r\u{1B}[K") }
            line = Line()
        }
    }

    /// A text without control characters: what a guest supplies must not drive the user's terminal.
    public static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control
                        || scalar.properties.generalCategory == .format
                        ? "?" : scalar
                }
            )
        )
    }

    private func write(_ text: String, from level: Verbosity) {
        guard verbosity >= level else { return }
        line.withLock { line in
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { Self.printable(String($0)) }
            emit((line.drawn ? "\r\u{1B}[K" : "") + lines.joined(separator: "\n") + "\n")
            line = Line()
        }
    }

    private func emit(_ text: some StringProtocol) {
        try? StandardStream.error.write(text)
    }

    private static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    }
}
