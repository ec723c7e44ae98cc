import HostSupport
import Replays
import Traces

/// A recording's log, and what is believed of it.
struct OpenedLog {
    let log: NondetLog
    let limits: NondetLogLimits
    /// What keeps it from being read whole, or from being believed.
    let problems: [String]

    /// Opens a recording's log; one that is damaged can be read up to there.
    ///
    /// - Throws: `Failure` where there is none, or it cannot be read.
    init(_ item: TraceSource.Item) throws {
        var problems: [String] = []
        let log: NondetLog
        do throws(TraceFormatError) {
            log = try NondetLog(path: item.files.nondetLogPath)
        } catch {
            throw Failure(.badData, "\(error)")
        }
        do throws(TraceFormatError) {
            limits = NondetLogLimits(
                memoryBytes: try SnapshotHead(path: item.files.snapshotPath).totalRAMBytes
            )
        } catch {
            limits = NondetLogLimits()
            problems.append("the snapshot of \(item.name): \(error)")
        }
        let other: NondetLog?
        switch log.survey(limits: limits).state {
        case .complete: other = nil
        case .notEnded(let stop):
            other = nil
            problems.append(
                "the log of \(item.name) was not ended; what lies before byte \(stop.offset) is shown"
            )
        case .damaged(let error):
            other = log.inOtherLayout(limits: limits)
            problems.append(
                other.map { "the log of \(item.name) is that of a \($0.abi.pointerBytes * 8)-bit host" }
                    ?? "the log of \(item.name) is damaged, and read up to there: \(error)"
            )
        }
        self.log = other ?? log
        self.problems = problems
    }

    /// The reads of the time stamp counter.
    func clockReads() -> ClockReads { log.clockReads(limits: limits) }
}
