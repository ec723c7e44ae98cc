import Foundation
public import HostSupport
public import RunRecords

/// A collection of small runs that no engine made: as far as a packer looks, they are like any others.
public enum SyntheticCollection {
    /// Makes a verified run with recordings.
    ///
    /// - Parameters:
    ///   - id: The run's name.
    ///   - collection: The collection; it is made where it is not there.
    ///   - recordings: The recordings' names.
    ///   - bytes: The size of a snapshot; much of it is the same in all runs.
    ///   - change: What is changed in the record before it is written.
    /// - Returns: The record.
    /// - Throws: `Failure` where it cannot be written.
    @discardableResult
    public static func addRun(
        _ id: String,
        to collection: HostPath,
        recordings: [String] = ["session_000"],
        bytes: Int = 300_000,
        change: (inout RunRecord) -> Void = { _ in }
    ) throws -> RunRecord {
        var record = try plannedRecord(id)
        let folder = RunFolder(collection: collection, id: record.id)
        try FileSystem.createDirectory(folder.recordings)
        var common = SeededGenerator(seed: 1)
        var memory = (0..<bytes / 8).map { _ in common.next() }
        var own = SeededGenerator(seed: UInt64(id.utf8.reduce(7) { $0 &* 31 &+ Int($1) }.magnitude))
        for name in recordings {
            for place in (0..<40).map({ _ in Int.random(in: 0...bytes / 8, using: &own) })
            where place < memory.count {
                memory[place] = own.next()
            }
            let snapshot = HandMadeRecording.snapshot() + memory.withUnsafeBytes { Data($0) }
            let log = try HandMadeRecording.log()
            try HandMadeRecording.put(name, log: log, snapshot: snapshot, in: folder.recordings)
            record.recordings.append(recording(name, snapshot, log))
        }
        try FileSystem.write(Data(id.utf8) + Data(count: 100), to: folder.packets)
        try FileSystem.write("[debian:6.1:64]\nname = \(id.prefix(1))\n", to: folder.kernelInformation)
        try RunPeers().write(to: folder)
        for state in [RunState.starting, .ready, .recording, .recorded, .verified] {
            try record.become(state)
        }
        change(&record)
        try record.write(to: folder)
        return record
    }

    private static func recording(_ name: String, _ snapshot: Data, _ log: Data) -> Recording {
        var recording = Recording(name: name, structure: .complete)
        recording.snapshot = .init(
            name: "\(name)-rr-snp",
            bytes: UInt64(snapshot.count),
            sha256: RunningDigest.text(of: snapshot, .sha256)
        )
        recording.log = .init(
            name: "\(name)-rr-nondet.log",
            bytes: UInt64(log.count),
            sha256: RunningDigest.text(of: log, .sha256)
        )
        recording.instructions = 1000
        recording.verification = Verification(
            verdict: .replayed,
            time: Date(timeIntervalSince1970: 0),
            seconds: 1,
            instructions: 1000,
            engineVersion: "",
            engineSHA256: "",
            problem: nil
        )
        return recording
    }
}
