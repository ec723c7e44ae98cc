extension NondetLog {
    /// Checks the structure of the whole log in one pass.
    ///
    /// The summary's state is `complete` or `notEnded`.
    ///
    /// - Throws: ``TraceFormatError`` if the log is damaged.
    public func check(
        limits: NondetLogLimits = NondetLogLimits()
    ) throws(TraceFormatError) -> NondetLogSummary {
        let summary = survey(limits: limits)
        if case .damaged(let error) = summary.state { throw error }
        return summary
    }

    /// Checks the structure of the whole log in one pass and never throws.
    ///
    /// For a damaged log the summary describes the entries before the damage.
    public func survey(limits: NondetLogLimits = NondetLogLimits()) -> NondetLogSummary {
        storage.withView { view in
            var census = NondetCensus()
            guard view.count >= NondetFrame.headerBytes else {
                let stop = UnendedLog(
                    hasHeader: false,
                    hasEnd: false,
                    offset: NondetFrame.headerBytes,
                    tornBytes: view.count,
                    lastEntry: nil,
                    instructionCount: 0
                )
                return census.summary(.notEnded(stop), of: view, header: nil)
            }
            let header = view.littleEndian(at: 0, as: UInt64.self)
            var scanner = NondetLogScanner(abi: abi, limits: limits)
            var trouble: TraceFormatError?
            do throws(TraceFormatError) {
                while let frame = try scanner.next(in: view) { census.add(frame) }
            } catch {
                trouble = error
            }
            let verdict = Verdict(view: view, header: header, scanner: scanner, census: census)
            return census.summary(verdict.state(after: trouble), of: view, header: header)
        }
    }
}

/// Judges a log by where the scanner stopped.
private struct Verdict {
    let view: ByteView
    let header: UInt64
    let scanner: NondetLogScanner
    let census: NondetCensus

    func state(after trouble: TraceFormatError?) -> NondetLogState {
        if let trouble, trouble.code != .tornEntry { return .damaged(trouble) }
        if let mismatch { return .damaged(mismatch) }
        if let trouble {
            guard endsProperly else { return .notEnded(stop) }
            return .damaged(
                TraceFormatError(
                    .lengthBeyondFile,
                    at: trouble.offset,
                    entry: trouble.entry,
                    "\(trouble.message); yet the file was closed properly, so the entry's length is wrong"
                )
            )
        }
        return census.hasEnd && census.last == header ? .complete : .notEnded(stop)
    }

    /// A header that is not 0 was written last of all: it equals the end's count, and no entry exceeds it.
    private var mismatch: TraceFormatError? {
        guard header != 0, census.hasEnd ? census.last != header : census.last > header else { return nil }
        return TraceFormatError(
            .headerMismatch,
            at: 0,
            "expected the header to be the final instruction count \(census.last): found \(header)"
        )
    }

    /// Whether the file's last bytes are the end that its header speaks of.
    ///
    /// Such a file has not been cut, so an entry that runs past its end has a wrong length.
    private var endsProperly: Bool {
        let end = view.count - NondetFrame.prefixBytes
        return header != 0 && end >= NondetFrame.headerBytes
            && view.littleEndian(at: end, as: UInt64.self) == header
            && view.byte(at: end + 8) == NondetKind.endOfLog.rawValue
    }

    private var stop: UnendedLog {
        UnendedLog(
            hasHeader: header != 0,
            hasEnd: census.hasEnd,
            offset: scanner.offset,
            tornBytes: view.count - scanner.offset,
            lastEntry: scanner.index > 0 ? scanner.index - 1 : nil,
            instructionCount: census.last
        )
    }
}
