public import HostSupport
import RunRecords
import TraceStore
public import Traces

/// Restores the two files of a recording that was packed by itself.
public struct RecordingUnpacker: Sendable {
    private let console: Console

    /// Prepares to unpack.
    ///
    /// - Parameter console: What a person is told meanwhile.
    public init(console: Console) {
        self.console = console
    }

    /// Restores a recording.
    ///
    /// What it was packed against is looked for among the given recording's files, then beside it: restored, or packed
    /// and standing alone.
    ///
    /// - Parameters:
    ///   - index: Its `NAME.store.json`.
    ///   - reference: The two files of the recording that it was packed against.
    ///   - folder: Where to.
    ///   - replacing: Whether files that are there may be replaced.
    /// - Returns: The two files.
    /// - Throws: ``HostSupport/Failure``: `bad-data` where the files are not what they should be, `not-found` where a
    ///   reference is missing, `cannot-create` where files are there, `interrupted`.
    public func unpack(
        _ index: HostPath,
        against reference: RecordingFiles?,
        into folder: HostPath,
        replacing: Bool
    ) async throws -> RecordingFiles {
        let stored = try StoredRecording.read(from: index)
        let files = RecordingFiles(name: stored.name, in: folder.string)
        let targets = [HostPath(files.snapshotPath), HostPath(files.nondetLogPath)]
        for target in targets where !replacing && FileSystem.exists(target) {
            throw Failure(.cannotCreate, "there is a file \(target) already", hint: "replace it with --force")
        }
        try FileSystem.createDirectory(folder)
        let scratch = try ScratchFolder(in: folder)
        defer { scratch.remove() }
        let given = [reference?.snapshotPath, reference?.nondetLogPath].map { $0.map { HostPath($0) } }
        for ((file, target), given) in zip(zip(stored.files, targets), given) {
            console.progress("unpacking \(file.name)")
            let other = try await find(file.reference, given, beside: index.parent, scratch.path)
            try await namingStore {
                try await FileUnpacker().unpack(
                    index.parent / file.name,
                    against: other,
                    to: target,
                    expecting: .init(bytes: file.restored.bytes, sha256: file.restored.sha256)
                )
            }
        }
        console.endProgress()
        return files
    }

    private func find(
        _ wanted: StoredRecording.Reference?,
        _ given: HostPath?,
        beside folder: HostPath,
        _ scratch: HostPath
    ) async throws -> HostPath? {
        guard let wanted else { return nil }
        // Whether it is the right one shows in what comes out, which is compared.
        for path in [given, folder / wanted.name].compactMap({ $0 })
        where FileSystem.size(path) == wanted.bytes {
            return path
        }
        for name in FileSystem.list(folder) where name.hasSuffix(StoredRecording.suffix) {
            guard let stored = try? StoredRecording.read(from: folder / name),
                let file = stored.files.first(where: {
                    $0.restored.sha256 == wanted.sha256 && $0.reference == nil
                })
            else { continue }
            let target = scratch / file.restored.name
            try await namingStore {
                try await FileUnpacker().unpack(
                    folder / file.name,
                    to: target,
                    expecting: .init(bytes: file.restored.bytes, sha256: file.restored.sha256)
                )
            }
            return target
        }
        throw Failure(
            .notFound,
            "what it was packed against is not there: \(wanted.name), SHA-256 \(wanted.sha256)",
            hint: "name the recording with --against, or put it, packed or not, beside the other"
        )
    }
}
