import Foundation
import Glibc
import HostSupport
import Synchronization

/// Writes every frame of the guest's network to a pcap file as it comes, with the host's time.
///
/// QEMU's own `filter-dump` stamps frames with the guest's virtual clock (net/dump.c), which stands still while the
/// snapshot is written; `filter-mirror` copies them here, each behind its length in four bytes, big endian
/// (net/filter-mirror.c).
final class PacketCapture: Sendable {
    private struct Progress {
        var frames: UInt64 = 0
        var isFinished = false
        var problem: String?
    }

    /// The address that the user network's frames come from begins so (slirp/slirp.c, `special_ethaddr`).
    private static let peerPrefix: [UInt8] = [0x52, 0x55]

    private let progress = Mutex(Progress())
    private let connection: UnixConnection
    private let path: HostPath
    private let counter: EgressFilter?
    /// What goes on in the network.
    let activity = NetworkActivity()

    /// Starts to write.
    ///
    /// - Parameters:
    ///   - connection: The engine's end of the mirror.
    ///   - path: The pcap file.
    ///   - counter: What counts frames that the engine itself refuses to let go on; nothing where there are none.
    init(connection: UnixConnection, path: HostPath, counter: EgressFilter? = nil) {
        self.connection = connection
        self.path = path
        self.counter = counter
        // A thread of its own: the time of a frame is that of its arrival, whatever else goes on.
        Thread.detachNewThread { [self] in write() }
    }

    /// Waits until everything is written, which the engine's end makes happen.
    ///
    /// - Returns: What went wrong; nothing where the file is whole.
    /// - Throws: `CancellationError`.
    func finish() async throws -> String? {
        connection.shutdown()
        let end = try await poll(for: .seconds(10)) { progress.withLock { $0.isFinished ? $0 : nil } }
        guard let end else { return "the packet capture did not end" }
        return end.problem
    }

    /// How many frames were written.
    var frames: UInt64 { progress.withLock { $0.frames } }

    private func write() {
        var problem: String?
        if let file = fopen(path.string, "we") {
            // Magic of nanosecond times, version 2.4, Ethernet: the layout of pcap(5), in this host's byte order.
            var header =
                Self.bytes(of: UInt32(0xA1B2_3C4D)) + Self.bytes(of: UInt16(2)) + Self.bytes(of: UInt16(4))
            header +=
                Self.bytes(of: UInt64(0)) + Self.bytes(of: UInt32(FrameStream.longest))
                + Self.bytes(of: UInt32(1))
            fwrite(header, 1, header.count, file)
            problem = copyFrames(to: file)
            if fclose(file) != 0 { problem = problem ?? "\(path) is not whole: \(systemMessage(errno))" }
        } else {
            problem = "cannot write \(path): \(systemMessage(errno))"
        }
        progress.withLock {
            $0.isFinished = true
            $0.problem = problem
        }
    }

    private func copyFrames(to file: UnsafeMutablePointer<FILE>) -> String? {
        var stream = FrameStream()
        while let bytes = connection.read() {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let problem = stream.take(bytes) { frame in
                var record = Self.bytes(of: UInt32(truncatingIfNeeded: now.tv_sec))
                record += Self.bytes(of: UInt32(truncatingIfNeeded: now.tv_nsec))
                record += Self.bytes(of: UInt32(frame.count)) + Self.bytes(of: UInt32(frame.count))
                record += frame
                guard fwrite(record, 1, record.count, file) == record.count else {
                    return "cannot write \(path): \(systemMessage(errno))"
                }
                activity.note(frame)
                count(frame)
                progress.withLock { $0.frames += 1 }
                return nil
            }
            if let problem { return problem }
            fflush(file)
        }
        return stream.isCut ? "the last frame is cut" : nil
    }

    private func count(_ frame: ArraySlice<UInt8>) {
        guard let counter else { return }
        if frame.dropFirst(6).starts(with: Self.peerPrefix) {
            counter.note(frame)
        } else {
            _ = counter.lets(frame)
        }
    }

    private static func bytes(of value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value) { Array($0) }
    }
}
