extension NondetLog {
    /// Finds where to cut the log so that it replays to its end; the log itself is not changed.
    ///
    /// - Parameters:
    ///   - damaged: Whether a damaged log is cut at its damage; otherwise the damage is thrown.
    ///   - stepsBack: How many further instructions that made entries are given up, for a log that does not replay
    ///     when it is cut at the last safe place.
    ///   - limits: What to believe of the log.
    /// - Returns: Where to cut, and what that costs.
    /// - Throws: ``TraceFormatError`` with code `nothingToSalvage` if the log is whole or none of its entries can be
    ///   kept; the damage if the log is damaged and `damaged` is false.
    /// - Precondition: `stepsBack` is 0 or more.
    public func salvage(
        damaged: Bool = false,
        stepsBack: Int = 0,
        limits: NondetLogLimits = NondetLogLimits()
    ) throws(TraceFormatError) -> Salvage {
        precondition(stepsBack >= 0, "expected 0 or more steps back")
        let summary = survey(limits: limits)
        var damage: TraceFormatError?
        switch summary.state {
        case .complete where stepsBack == 0:
            throw TraceFormatError(
                .nothingToSalvage,
                "expected a log that was not ended: found \(summary.total.entries) entries and their end"
            )
        case .complete, .notEnded:
            break
        case .damaged(let error):
            guard damaged else { throw error }
            damage = error
        }
        let points = storage.withView { view in cutPoints(in: view, limits, stepsBack) }
        guard let cut = points.cut(stepsBack: stepsBack) else {
            throw TraceFormatError(
                .nothingToSalvage,
                "expected an entry that can be kept: none of the \(summary.total.entries) whole ones can"
            )
        }
        let ends = summary.tally(of: .endOfLog).entries
        let endBytes = damage == nil && stepsBack == 0 ? ends * NondetFrame.prefixBytes : 0
        return Salvage(
            cutOffset: cut.offset,
            entriesKept: cut.entries,
            entriesDropped: summary.total.entries - ends - cut.entries,
            bytesDropped: max(0, byteCount - cut.offset - endBytes),
            finalInstructionCount: cut.instructionCount,
            originalByteCount: byteCount,
            damage: damage
        )
    }

    private func cutPoints(in view: ByteView, _ limits: NondetLogLimits, _ stepsBack: Int) -> CutPoints {
        var points = CutPoints(stepsBack: stepsBack)
        var scanner = NondetLogScanner(abi: abi, limits: limits)
        do throws(TraceFormatError) {
            while let frame = try scanner.next(in: view) { points.add(frame) }
        } catch {
            // The survey has told the error; the entries before it are what there is to keep.
        }
        return points
    }
}
