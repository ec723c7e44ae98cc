import Glibc
import Subprocess

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    /// It left by itself with this code.
    case exited(Int32)
    /// This signal ended it.
    case signalled(Int32)

    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(Int32(code))
        case .signaled(let number): self = .signalled(Int32(number))
        }
    }

    /// How it ended, for a sentence: "exited with status 1", "was ended by SIGABRT".
    public var description: String {
        switch self {
        case .exited(let code): "exited with status \(code)"
        case .signalled(let number): "was ended by \(Self.signalNames[number] ?? "signal \(number)")"
        }
    }

    /// The status as a shell reports it: the code, or 128 plus the signal's number.
    public var shellCode: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let number): 128 + number
        }
    }

    /// What ended a process that a shell, or the like of it, ended for with this status.
    var meantByShell: ExitStatus {
        guard case .exited(let code) = self, Self.signalNames[code - 128] != nil else { return self }
        return .signalled(code - 128)
    }

    private static let signalNames: [Int32: String] = [
        SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
        SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV",
        SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXFSZ: "SIGXFSZ", SIGSYS: "SIGSYS",
    ]
}

extension ExitStatus: Codable {
    private enum Key: String, CodingKey {
        case exited
        case signalled
    }

    /// Decodes `{"exited": CODE}` or `{"signalled": NUMBER}`.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` where neither key is there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let code = try container.decodeIfPresent(Int32.self, forKey: .exited) {
            self = .exited(code)
        } else {
            self = .signalled(try container.decode(Int32.self, forKey: .signalled))
        }
    }

    /// Encodes `{"exited": CODE}` or `{"signalled": NUMBER}`.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .exited(let code): try container.encode(code, forKey: .exited)
        case .signalled(let number): try container.encode(number, forKey: .signalled)
        }
    }
}
