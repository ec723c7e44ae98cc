import Foundation
public import HostSupport
public import Traces

/// Takes the frames of a guest's network out of a log.
public struct PacketExtraction: Sendable {
    /// A frame and its time.
    public struct Packet: Sendable {
        /// The frame.
        public let frame: NetworkFrame
        /// When it came or went; nothing where the log has no times.
        public let moment: GuestClock.Moment?
        /// Its bytes.
        public let bytes: [UInt8]
    }

    private let log: NondetLog
    private let limits: NondetLogLimits
    private let times: RecordingTimes

    /// Prepares to read a log.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - limits: What is believed of it.
    ///   - times: Its times.
    public init(of log: NondetLog, limits: NondetLogLimits, times: RecordingTimes) {
        self.log = log
        self.limits = limits
        self.times = times
    }

    /// Reads the frames one after the other, up to the end of the log or to what is wrong with it.
    ///
    /// - Parameter body: What is done with each.
    /// - Throws: What `body` throws.
    public func read(_ body: (Packet) throws -> Void) throws {
        var reader = log.makeFrameReader(limits: limits)
        var last = -Double.infinity
        while let frame = try? reader.next() {
            var moment = times.clock?.moment(
                at: frame.instructionCount,
                in: frame.bracket,
                isArrival: frame.direction == .received
            )
            // Two in one gap are estimated apart from each other, and their order is known.
            last = max(last, moment?.seconds ?? last)
            moment?.seconds = last
            try body(Packet(frame: frame, moment: moment, bytes: log.bytes(of: frame)))
        }
    }

    /// Writes the frames as a capture in the format pcapng.
    ///
    /// A frame's comment has the count of guest instructions, as that of PANDA's plugin `network`, and by how much its
    /// time can be wrong.
    ///
    /// - Parameters:
    ///   - output: Where the bytes go.
    ///   - application: What makes the capture.
    ///   - source: What the frames are of.
    /// - Returns: How many frames there were.
    /// - Throws: What `output` throws.
    public func write(
        to output: inout BufferedOutput,
        application: String,
        source: String
    ) throws -> Int {
        let writer = PcapngWriter()
        try output.write(
            writer.head(application: application, comment: "network of \(source); \(times.explanation)")
        )
        let start = times.start?.timeIntervalSince1970 ?? 0
        var count = 0
        try read { packet in
            let seconds = max(0, start + (packet.moment?.seconds ?? 0))
            var comment = "Guest instruction count: \(packet.frame.instructionCount)"
            if let uncertainty = packet.moment?.uncertainty {
                comment += ", time within \(Int((uncertainty * 1e6).rounded(.up))) us"
            }
            try output.write(
                writer.packet(
                    packet.bytes,
                    at: Self.nanoseconds(seconds),
                    packet.frame.direction,
                    comment: comment
                )
            )
            count += 1
        }
        return count
    }

    /// Seconds since 1970 as nanoseconds; what 64 bits do not hold becomes the latest time that they do.
    private static func nanoseconds(_ seconds: Double) -> UInt64 {
        let whole = seconds.rounded(.down)
        guard whole < 1.8e10 else { return .max }
        // In two parts: a double has not enough digits for both.
        return UInt64(whole) * 1_000_000_000 + UInt64((seconds - whole) * 1e9)
    }
}
