import Foundation
import HostSupport
import RunRecords

extension ArrivedDataset {
    /// The volumes, whose indexes keep the rules.
    ///
    /// - Returns: The volumes.
    /// - Throws: `Failure` with `bad-data`, with all that is wrong with the indexes.
    func volumes() throws -> [Volume] {
        var problems: [String] = []
        let volumes = try folders.map { folder in
            for part in [folder.data, folder.index.parent] where FileKind(part)?.kind != .folder {
                throw Failure(.badData, "\(part) is no folder")
            }
            let volume = Volume(folder: folder, index: try DatasetIndex.read(from: folder))
            problems += IndexCheck.problems(volume.index).map { "\(folder.path.name): \($0)" }
            return volume
        }
        guard problems.isEmpty else {
            throw Failure(
                .badData,
                "\(source) cannot be believed:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
            )
        }
        _ = try DatasetIndex.joined(volumes.map(\.index))
        return volumes
    }
}

extension ArrivedDataset.Volume {
    /// Where a packed file lies; links are not followed, in no part of its path.
    ///
    /// - Parameter file: The file, of an index that keeps the rules.
    /// - Returns: Its path.
    /// - Throws: `Failure` with `bad-data` where it is not there, or is not as large as the index says.
    func path(of file: DatasetFile) throws -> HostPath {
        var path = folder.data
        let parts = file.path.split(separator: "/").map(String.init)
        for (number, part) in parts.enumerated() {
            path = path / part
            let kind = FileKind(path)
            guard kind?.kind == (number == parts.count - 1 ? .regular : .folder) else {
                throw Failure(.badData, "data/\(file.path) is not there, or is no file")
            }
            if number == parts.count - 1, kind?.size != file.bytes {
                throw Failure(
                    .badData,
                    "data/\(file.path) has \(kind?.size ?? 0) bytes: the index says \(file.bytes)"
                )
            }
        }
        return path
    }

    /// The record of a trace, which says the same of it as the index does.
    ///
    /// - Parameter trace: The trace.
    /// - Returns: The record, with the one recording.
    /// - Throws: `Failure` with `bad-data` where it is not what it should be.
    func record(of trace: DatasetTrace) throws -> RunRecord {
        let data = try FileSystem.read(try path(of: trace.record), limit: 16 << 20)
        let place = "data/\(trace.record.path)"
        guard RunningDigest.text(of: data, .sha256) == trace.record.sha256 else {
            throw Failure(.badData, "\(place) is not what the index says")
        }
        let record = try JSONText.decode(RunRecord.self, from: data, source: place)
        guard record.schema == 1, record.id.description == trace.run, record.recordings.count == 1,
            let recording = record.recordings.first, recording.name == trace.recording,
            let snapshot = recording.snapshot, let log = recording.log,
            snapshot.name == "\(recording.name)-rr-snp", log.name == "\(recording.name)-rr-nondet.log"
        else { throw Failure(.badData, "\(place) is not the record of \(trace.name)") }
        for recorded in [snapshot, log] where recorded.bytes > IndexCheck.largest {
            throw Failure(.badData, "\(place): \(recorded.name) is said to have \(recorded.bytes) bytes")
        }
        for (recorded, restored) in [(snapshot, trace.snapshot.restored), (log, trace.log?.restored)] {
            if let restored, recorded.sha256 != restored.sha256 || recorded.bytes != restored.bytes {
                throw Failure(.badData, "\(place) and the index differ on \(recorded.name)")
            }
        }
        guard record.machine.architecture.rawValue == trace.architecture,
            record.machine.memory.bytes == trace.memory
        else { throw Failure(.badData, "\(place) and the index differ on the machine") }
        return record
    }
}
