/// An error that a person can act on: what failed, on what, and what to do about it.
///
/// Messages are lower case and without a full stop; the value at fault is in the text.
public struct Failure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is; it decides the exit code.
    public struct Code: Sendable, Hashable {
        /// The code's name in `--json` output.
        public let name: String
        /// The exit code of a command that fails this way (`sysexits.h`, and 80 for a divergence).
        public let exitCode: Int32
    }

    /// What kind of failure it is.
    public var code: Code
    /// What failed, and on what.
    public var message: String
    /// What to do about it.
    public var hint: String?
    /// The error beneath, if there was one.
    public var cause: (any Error)?

    /// Creates a failure.
    public init(_ code: Code, _ message: String, hint: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
    }

    /// The message, the cause and the hint, on one line each.
    public var description: String {
        var lines = [message]
        if let cause { lines[0] += ": \(cause)" }
        if let hint { lines.append("hint: \(hint)") }
        return lines.joined(separator: "\n")
    }
}

extension Failure.Code {
    /// The command line or a value in it is wrong (`EX_USAGE`).
    public static let usage = Self(name: "usage", exitCode: 64)
    /// A file's contents are wrong (`EX_DATAERR`).
    public static let badData = Self(name: "bad-data", exitCode: 65)
    /// Something named does not exist (`EX_NOINPUT`).
    public static let notFound = Self(name: "not-found", exitCode: 66)
    /// The engine, a tool, a port or another thing that is needed cannot be had (`EX_UNAVAILABLE`).
    public static let unavailable = Self(name: "unavailable", exitCode: 69)
    /// Something happened that PANDAcap was written to rule out (`EX_SOFTWARE`).
    public static let `internal` = Self(name: "internal", exitCode: 70)
    /// A tool or a system call failed (`EX_OSERR`).
    public static let system = Self(name: "system", exitCode: 71)
    /// A file cannot be made, for want of room or because it is there already (`EX_CANTCREAT`).
    public static let cannotCreate = Self(name: "cannot-create", exitCode: 73)
    /// Reading or writing failed half-way (`EX_IOERR`).
    public static let inputOutput = Self(name: "input-output", exitCode: 74)
    /// It may work when tried again: a time limit was reached (`EX_TEMPFAIL`).
    public static let timeout = Self(name: "timeout", exitCode: 75)
    /// The guest or the engine did not do what a run needs (`EX_PROTOCOL`).
    public static let guest = Self(name: "guest", exitCode: 76)
    /// Something is not permitted (`EX_NOPERM`).
    public static let notPermitted = Self(name: "not-permitted", exitCode: 77)
    /// A configuration file is wrong (`EX_CONFIG`).
    public static let configuration = Self(name: "configuration", exitCode: 78)
    /// The user asked for the end (what a shell calls a program that SIGINT ended).
    public static let interrupted = Self(name: "interrupted", exitCode: 130)
    /// A trace was recorded but does not replay.
    public static let diverged = Self(name: "diverged", exitCode: 80)
}
