import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing

@testable import HostSupport

@Suite("What is known of processes")
struct ProcessIdentityTests {
    @Test("a family has those, too, that other threads than the first have started")
    func family() async throws {
        let (started, over) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let child = Child()
        Thread.detachNewThread {
            child.start()
            started.signal()
            // A thread that ends hands its children to another one.
            over.wait()
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                started.wait()
                continuation.resume()
            }
        }
        defer {
            over.signal()
            child.end()
        }
        let process = try #require(child.process)
        #expect(ProcessIdentity.family(of: getpid()).contains(process))
        #expect(ProcessIdentity.family(of: process) == [process])
    }

    private final class Child: Sendable {
        private let started = Mutex<pid_t?>(nil)

        var process: pid_t? { started.withLock { $0 } }

        func start() {
            var (identifier, arguments) = (pid_t(), [strdup("sleep"), strdup("60"), nil])
            let isStarted = posix_spawn(&identifier, "/bin/sleep", nil, nil, &arguments, nil) == 0
            for argument in arguments { free(argument) }
            started.withLock { [identifier] in $0 = isStarted ? identifier : nil }
        }

        func end() {
            guard let process else { return }
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }
}
