import Foundation
import HostSupport
import Synchronization

/// Stands between the guest's network device and the user network, and lets through what the filter does.
///
/// QEMU's `filter-redirector` hands the guest's frames to us instead of to the user network, and to that what we hand
/// back; when we are gone, nothing gets through. A `filter-mirror` shows us what goes to the guest.
final class EgressGate: Sendable {
    /// What QEMU has not taken yet may have so many bytes; more is dropped, as by any network that is too slow.
    private static let mostPending = 4 << 20

    let filter: EgressFilter
    private let outward: UnixConnection
    private let inward: UnixConnection
    private let back: UnixConnection
    private let end = Mutex<(isOver: Bool, problem: String?)>((false, nil))

    /// Starts to let frames through.
    ///
    /// - Parameters:
    ///   - filter: What decides.
    ///   - outward: What the guest sends.
    ///   - inward: A copy of what is sent to the guest.
    ///   - back: Where the guest's frames go on to the user network.
    init(_ filter: EgressFilter, outward: UnixConnection, inward: UnixConnection, back: UnixConnection) {
        self.filter = filter
        self.outward = outward
        self.inward = inward
        self.back = back
        Thread.detachNewThread { [self] in
            let found = work()
            end.withLock { $0 = (true, found) }
            // Whatever happened: from here on the engine has nobody to hand frames to, and drops them.
            outward.shutdown()
            inward.shutdown()
            back.shutdown()
        }
    }

    /// Whether nothing gets through any more: the engine ended, or the gate failed.
    var isShut: Bool { end.withLock { $0.isOver } }

    /// Lets nothing through any more.
    ///
    /// - Returns: What went wrong before; nothing where all went well.
    func finish() -> String? {
        let found = end.withLock { $0.problem }
        outward.shutdown()
        return found
    }

    private func work() -> String? {
        var (sent, received) = (FrameStream(), FrameStream())
        var pending: [UInt8] = []
        while true {
            UnixConnection.wait(reading: [outward, inward], writing: pending.isEmpty ? nil : back)
            guard let bytes = outward.readAvailable() else { return nil }
            // What was sent to the guest before it sent this is there by now, and may be what it answers.
            while true {
                guard let seen = inward.readAvailable() else { return nil }
                if seen.isEmpty { break }
                if let problem = received.take(
                    seen,
                    {
                        filter.note($0)
                        return nil
                    }
                ) {
                    return problem
                }
            }
            let problem = sent.take(bytes) { frame in
                if filter.lets(frame), pending.count < Self.mostPending {
                    pending += FrameStream.envelope(frame)
                }
                return nil
            }
            if let problem { return problem }
            guard let count = back.writeAvailable(pending) else { return nil }
            pending.removeFirst(count)
        }
    }
}
