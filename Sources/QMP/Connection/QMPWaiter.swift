import NIOCore

/// Who waits for a reply, and the timer that ends the wait.
struct QMPWaiter {
    let command: String
    let continuation: CheckedContinuation<[UInt8], any Error>
    let timer: Scheduled<Void>

    func resume(returning line: [UInt8]) {
        timer.cancel()
        continuation.resume(returning: line)
    }

    func resume(throwing error: any Error) {
        timer.cancel()
        continuation.resume(throwing: error)
    }
}
