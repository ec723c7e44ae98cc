extension TraceCheck {
    /// Looks at a log: its structure, its counts, and whether it fits the machine of its snapshot.
    ///
    /// - Parameters:
    ///   - path: The log; a symbolic link is refused.
    ///   - head: The head of the recording's snapshot, where that can be read.
    /// - Returns: What was found, and the log's figures where it could be opened.
    public static func log(
        _ path: String,
        against head: SnapshotHead?
    ) -> (check: TraceCheck, summary: NondetLogSummary?) {
        do throws(TraceFormatError) {
            let found = log(try NondetLog(path: path), against: head)
            return (found.check, found.summary)
        } catch {
            var check = TraceCheck()
            check.add("log: structure", "", [TraceFinding(error, in: .log)])
            return (check, nil)
        }
    }

    /// Looks at a log that is open.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - head: The head of the recording's snapshot, where that can be read.
    /// - Returns: What was found, and the log's figures.
    public static func log(
        _ log: NondetLog,
        against head: SnapshotHead?
    ) -> (check: TraceCheck, summary: NondetLogSummary) {
        let limits = NondetLogLimits(memoryBytes: head?.totalRAMBytes)
        let summary = log.survey(limits: limits)
        var check = TraceCheck()
        let structure = log.layoutFinding(summary, limits).map { [$0] } ?? log.structureFindings(summary)
        check.add(
            "log: structure",
            "\(summary.total.entries) entries, \(summary.byteCount) bytes",
            structure
        )
        if summary.state == .complete {
            check.add("log: end", "at instruction \(summary.finalInstructionCount), as the header says", [])
        } else {
            check.skip("log: end", because: "the log is not whole")
        }
        var entries = EntryChecks(head)
        log.storage.withView { view in
            var scanner = NondetLogScanner(abi: log.abi, limits: limits)
            while let frame = try? scanner.next(in: view) { entries.look(at: frame, in: view) }
        }
        entries.report(to: &check)
        return (check, summary)
    }
}

extension NondetLog {
    /// A log that cannot be read by this layout but can by the other one.
    fileprivate func layoutFinding(
        _ summary: NondetLogSummary,
        _ limits: NondetLogLimits
    ) -> TraceFinding? {
        guard case .damaged = summary.state, let other = inOtherLayout(limits: limits) else { return nil }
        return TraceFinding(
            .otherHostLayout,
            .error,
            in: .log,
            "expected the structures of a \(abi.pointerBytes * 8)-bit host: found those of a "
                + "\(other.abi.pointerBytes * 8)-bit one, and engines for one do not replay logs of the other"
        )
    }

    /// What is wrong with the structure; the parts are looked at independently of each other.
    fileprivate func structureFindings(_ summary: NondetLogSummary) -> [TraceFinding] {
        switch summary.state {
        case .complete: return []
        case .notEnded(let stop): return [TraceFinding(notEnded: stop, summary)]
        case .damaged(let error):
            var findings = [TraceFinding(error, in: .log)]
            if summary.headerInstructionCount == 0 {
                findings.append(
                    TraceFinding(
                        .notEnded,
                        .error,
                        in: .log,
                        at: 0,
                        "expected the count of the end in the header: found 0, so that the log was never ended"
                    )
                )
            }
            return findings
        }
    }
}

extension TraceFinding {
    /// Says that a log was not ended.
    ///
    /// - Parameters:
    ///   - stop: Where it stops.
    ///   - summary: Its figures.
    public init(notEnded stop: UnendedLog, _ summary: NondetLogSummary) {
        self.init(
            .notEnded,
            .error,
            in: .log,
            at: stop.offset,
            entry: stop.lastEntry.map { $0 + 1 },
            stop.hasEnd
                ? "the log is there up to its end, but its header was never written"
                : "the log is cut after \(summary.total.entries) whole entries, at byte \(stop.offset)"
        )
    }
}
