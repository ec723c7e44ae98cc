public import GuestEvents
public import RunRecords
public import Traces

extension ReportSection {
    /// Describes a recording.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - overview: What its log tells.
    ///   - times: Its times.
    ///   - snapshot: What the beginning of its snapshot tells; nothing where there is none that can be read.
    ///   - parts: What its snapshot consists of; nothing where nobody knows.
    ///   - record: The run that it belongs to, where there is one.
    ///   - recording: What that run knows of it.
    ///   - programs: What its programs did; nothing where no replay told.
    ///   - problems: What keeps it from being read whole, or from being believed.
    public init(
        name: String,
        overview: TraceOverview,
        times: RecordingTimes,
        snapshot: SnapshotHead?,
        parts: SnapshotParts?,
        record: RunRecord? = nil,
        recording: Recording? = nil,
        programs: GuestActivity? = nil,
        problems: [String] = []
    ) {
        self.name = name
        self.problems = problems
        let facts = RecordingFacts(
            overview: overview,
            times: times,
            snapshot: snapshot,
            record: record,
            recording: recording
        )
        summary = facts.length
        self.facts = facts.all
        let rate = times.clock?.ticksPerSecond
        let activity = overview.activity
        let axis = InstructionAxis(activity, ticksPerSecond: rate)
        hasPrograms = programs != nil
        let told =
            programs.map { ReportFigure.programs($0, axis) }
            ?? record.map { [.noPrograms($0)] } ?? []
        figures =
            told + [
                .events(activity, axis), .packets(activity, axis), .disk(activity, axis),
                .interrupts(activity, axis),
                .time(activity, axis, ticksPerSecond: rate, idleShare: overview.clock.idleShare),
                .snapshot(parts),
                .flows(overview.flows, axis), .entries(overview.summary),
            ]
    }
}
