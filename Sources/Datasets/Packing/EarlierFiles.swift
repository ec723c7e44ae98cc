import Foundation
import HostSupport
import RunRecords

/// The files that an earlier packing made, and what they were made of.
struct EarlierFiles {
    private(set) var files: [String: DatasetFile] = [:]
    /// Digests of what each was made of, where the dataset tells.
    private var identities: [String: String] = [:]

    init(_ index: DatasetIndex?, in folder: DatasetFolder) throws {
        guard let index else { return }
        let recordings = index.recordingFiles.mapValues { $0.restored?.sha256 }
        for file in index.disks + index.traces.flatMap(\.files) {
            files[file.path] = file
            guard let restored = file.restored else { continue }
            let reference = restored.reference.flatMap { recordings[$0] ?? nil }
            identities[file.path] = ([restored.sha256, reference].compactMap { $0 }).joined(separator: " ")
        }
        for trace in index.traces where trace.log == nil {
            guard let record = folder.find(trace.record.path) else { continue }
            let recording = try JSONText.decode(
                RunRecord.self,
                from: try FileSystem.read(record),
                source: record.string
            ).recordings.first
            identities[trace.snapshot.path] = [recording?.snapshot?.sha256, recording?.log?.sha256]
                .compactMap { $0 }.joined(separator: " ")
        }
    }

    /// Whether what a step would make is there.
    ///
    /// - Throws: `Failure` with `bad-data` where the dataset has something else of that name.
    func has(_ step: PackingPlan.Step) throws -> Bool {
        // A record may have become another one, by a replay or by new tags.
        guard step.work != .record, files[step.path] != nil else { return false }
        guard let identity = identities[step.path], step.trace != nil else { return true }
        // What a file was packed against is the earlier packing's choice.
        guard identity.prefix(64) == step.identity.prefix(64) else {
            throw Failure(
                .badData,
                "the dataset has another \(step.path) than the one that would be made of \(step.source)",
                hint: "it was packed from another run of that name: pack into another folder"
            )
        }
        return true
    }
}

extension DatasetFolder {
    /// Where a packed file lies now; nothing where it does not.
    func find(_ file: String) -> HostPath? {
        places(of: file).first { FileSystem.isRegularFile($0) }
    }
}
