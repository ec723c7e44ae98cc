public import Foundation
import Glibc

/// This process's standard output and standard error.
public enum StandardStream: Int32, Sendable {
    /// Where results go.
    case output = 1
    /// Where everything else goes.
    case error = 2

    /// Whether a person sees what is written, as it comes.
    public var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Writes bytes; it is no error where nobody reads them any more, as behind `| head`.
    ///
    /// - Parameter data: The bytes.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput`` where they cannot be written for another reason.
    public func write(_ data: Data) throws {
        var rest = data[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EPIPE { return }
            guard count >= 0 else {
                throw Failure(.inputOutput, "cannot write to standard \(self): \(systemMessage(errno))")
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes text as UTF-8, as ``write(_:)-(Data)`` does.
    ///
    /// - Parameter text: The text.
    /// - Throws: ``Failure`` with ``Failure/Code/inputOutput`` where it cannot be written.
    public func write(_ text: some StringProtocol) throws {
        try write(Data(text.utf8))
    }
}
