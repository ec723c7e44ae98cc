import HostSupport
import RunRecords
import Synchronization

extension Capture {
    /// What the guest prints and sends, and what it makes the engine say, may have so many bytes.
    private static let mostOutput: UInt64 = 4 << 30
    /// The engine's log has little to say; a guest that calls on it all the time makes it say more.
    private static let mostEngineOutput: UInt64 = 64 << 20

    /// The bound that the guest went beyond; nothing where it keeps within all.
    func exceededBound() -> RunRecord.Mark? {
        func size(_ path: HostPath) -> UInt64 { FileKind(path)?.size ?? 0 }
        let files = plan.files
        let said = size(files.engineLog)
        if said > Self.mostEngineOutput || said + size(files.console) + size(files.packets) > Self.mostOutput
        {
            return .outputFlood
        }
        // Our launcher refuses these itself; another engine does not.
        guard let limit = plan.guest.recordingLimit, !plan.record.trigger.isHosts else { return nil }
        return watcher.withLock { $0.sightings.count } > max(limit, plan.recordings) + 1
            ? .tooManyRecordings : nil
    }

    /// Keeps what came of the guest's network.
    func note(_ network: NetworkOutcome) throws {
        var marks = LauncherWords(log: plan.files.engineLog).marks
        if let mark = exceededBound() { marks.append(mark) }
        try update { record in
            if let problem = network.problem { record.warnings.append(problem) }
            record.refused = network.refused.flatMap { $0.isEmpty ? nil : $0 }
            if record.refused?.packets ?? 0 > 0 { record.add(.egressRefused) }
            for mark in marks { record.add(mark) }
        }
    }
}

/// What our launcher said of the guest's recordings in the engine's log.
struct LauncherWords {
    /// The words that a mark follows from (launcher/panda-system.c).
    private static let words: [(String, RunRecord.Mark)] = [
        ("panda-system: the guest gets no further recording", .tooManyRecordings),
        ("panda-system: the guest's recording name was changed", .recordingNameChanged),
    ]

    /// The marks.
    let marks: [RunRecord.Mark]

    /// Looks through a log, as far as a guest may make it grow.
    init(log: HostPath) {
        var tail = FileTail(log)
        var rest = ""
        var found: Set<RunRecord.Mark> = []
        var left = 128 << 20
        while left > 0, found.count < Self.words.count {
            let bytes = tail.next(limit: 1 << 20)
            guard !bytes.isEmpty else { break }
            left -= bytes.count
            var lines = (rest + String(decoding: bytes, as: UTF8.self)).split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            rest = String(lines.removeLast().suffix(4096))
            for line in lines {
                for (words, mark) in Self.words where line.hasPrefix(words) { found.insert(mark) }
            }
        }
        marks = Self.words.map(\.1).filter(found.contains)
    }
}
