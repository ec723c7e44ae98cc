import Foundation
import Glibc
import HostSupport
import Synchronization

/// Takes a machine's state from a socket that the engine sends it to, and writes it to a file.
///
/// The engine could write the file itself only through a shell (`migrate exec:...`), and is confined.
final class StateReceiver: Sendable {
    private let result = Mutex<Result<Void, Failure>?>(nil)
    private let listener: UnixListener
    private let file: HostPath

    /// Listens for the engine.
    ///
    /// - Parameters:
    ///   - socket: The socket's path.
    ///   - file: Where the state goes; it must not be there.
    /// - Throws: `Failure` where the socket cannot be made.
    init(socket: HostPath, file: HostPath) throws {
        listener = try UnixListener(socket)
        self.file = file
    }

    /// Waits until the engine has sent all.
    ///
    /// - Throws: `Failure` where the engine does not come, or where the file cannot be written; `CancellationError`.
    func finish() async throws {
        guard let connection = try await listener.accept(within: .seconds(30)) else {
            throw Failure(.unavailable, "the engine does not send the guest's state")
        }
        // A thread of its own: hundreds of megabytes are read and written without a pause.
        Thread.detachNewThread { [self] in
            let outcome = Result { () throws(Failure) in try copy(connection) }
            result.withLock { $0 = outcome }
        }
        while true {
            if let outcome = result.withLock({ $0 }) { return try outcome.get() }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func copy(_ connection: UnixConnection) throws(Failure) {
        let handle = open(file.string, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard handle >= 0 else { throw failure }
        defer { close(handle) }
        while let bytes = connection.read(limit: 1 << 20) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(handle, $0.baseAddress, $0.count) }
                guard count > 0 else { throw failure }
                rest = rest.dropFirst(count)
            }
        }
        guard fsync(handle) == 0 else { throw failure }
    }

    private var failure: Failure { Failure(.inputOutput, "cannot write \(file): \(systemMessage(errno))") }
}
