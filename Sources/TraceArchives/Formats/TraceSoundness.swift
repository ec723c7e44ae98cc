import Traces

/// What a look at the two files of a recording found; one that is garbage does not come to this.
struct TraceSoundness {
    let head: SnapshotHead
    let log: NondetLogSummary
    var warnings: [String] = []

    /// Whether neither file is cut.
    var isWhole: Bool { log.state == .complete && !head.isCut }

    /// Looks at the log from end to end, and at the snapshot's head and end.
    ///
    /// - Throws: ``TraceArchiveError`` with `unsoundTrace` where one of them is damaged or something else.
    init(snapshot: String, log path: String) throws(TraceArchiveError) {
        do throws(TraceFormatError) {
            head = try SnapshotHead(path: snapshot)
        } catch {
            throw Self.unsound("snapshot", error)
        }
        let summary: NondetLogSummary
        do throws(TraceFormatError) {
            let wide = try NondetLog(path: path).survey()
            // A 32-bit PANDA laid its entries out in another way.
            if case .damaged = wide.state {
                let narrow = try NondetLog(path: path, abi: .i386).survey()
                if case .complete = narrow.state { summary = narrow } else { summary = wide }
            } else {
                summary = wide
            }
        } catch {
            throw Self.unsound("log", error)
        }
        log = summary
        switch summary.state {
        case .complete: break
        case .notEnded(let end):
            warnings.append(
                "the log was not ended: it stops after \(summary.total.entries) whole entries, at byte \(end.offset), "
                    + "and does not replay as it is"
            )
        case .damaged(let error): throw Self.unsound("log", error)
        }
        if head.isCut { warnings.append("the snapshot is cut: its end is missing, and it does not replay") }
    }

    private static func unsound(_ file: String, _ error: TraceFormatError) -> TraceArchiveError {
        let older =
            error.code == .unsupportedVersion || file == "log"
            ? "; recordings of PANDA 1 (rrshare, Malrec) have other layouts, which are not read here" : ""
        return TraceArchiveError(.unsoundTrace, "the \(file) is no sound one: \(error)\(older)")
    }
}
