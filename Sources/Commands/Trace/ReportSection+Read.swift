import GuestEvents
import HostSupport
import Inspection
import Replays
import RunRecords
import Traces

extension ReportSection {
    /// Reads a recording for a report.
    ///
    /// - Parameters:
    ///   - item: The recording.
    ///   - source: Where it belongs to.
    /// - Returns: What there is to draw, and what is wrong with the recording.
    /// - Throws: ``HostSupport/Failure`` where its log cannot be read at all.
    static func read(_ item: TraceSource.Item, of source: TraceSource) throws -> (ReportSection, [String]) {
        let opened = try OpenedLog(item)
        var problems = opened.problems
        let head = try? SnapshotHead(path: item.files.snapshotPath)
        var parts: SnapshotParts?
        do throws(TraceFormatError) {
            parts = SnapshotParts(try SnapshotSurvey(path: item.files.snapshotPath))
        } catch {
            // What is wrong with its beginning is among the problems already.
            if head != nil { problems.append("the snapshot of \(item.name): \(error)") }
        }
        var programs: GuestActivity?
        do {
            programs = try source.run.flatMap { TraceEvents.find(item.name, in: $0) }.map {
                try GuestActivity($0)
            }
        } catch let failure as Failure {
            // Made from the trace, and can be made again: the rest is worth its page.
            problems.append(failure.message)
        }
        let overview = TraceOverview(of: opened.log, limits: opened.limits)
        let section = ReportSection(
            name: item.name,
            overview: overview,
            times: RecordingTimes(overview.clock, files: item.files, recording: item.recording),
            snapshot: head,
            parts: parts,
            record: source.run?.record,
            recording: item.recording,
            programs: programs,
            problems: problems
        )
        return (section, problems)
    }
}
