import Foundation
public import HostSupport
public import Replays
public import RunRecords

/// Which analysis is meant: of which recording, and by what.
public struct AnalysisIdentity: Sendable {
    /// The analysis' name.
    public let name: String
    /// The run.
    public let run: String
    /// The recording.
    public let recording: Recording
    /// The folder that the analysis is kept in.
    public let folder: HostPath
    /// The plugins, in the order in which they are loaded.
    public let plugins: [PluginRequest]
    /// The digests of their files.
    public let digests: [String: String]
    /// The engine; nothing where none is started.
    public let engine: RunRecord.Engine?
    /// The SHA-256 digest of all that the outputs depend on.
    public let key: String

    /// What an earlier analysis came to that would come to the same; nothing where there is none.
    public var finished: AnalysisManifest? {
        guard let manifest = try? AnalysisManifest.read(from: folder), manifest.state == .finished,
            manifest.key == key,
            manifest.tables.allSatisfy({ FileSystem.isRegularFile(folder / $0.file) }),
            // What plugins wrote may be removed to save room; what is there is whole.
            manifest.files.allSatisfy({ [nil, $0.bytes].contains(FileSystem.size(folder / $0.name)) })
        else { return nil }
        return manifest
    }

    /// The folder that the engine works in before the analysis gets its name.
    var draft: HostPath { folder.parent / ".\(folder.name).new" }

    /// Removes what an analysis left that was killed while it made anew what is there, unless another process makes it.
    func removeLeftDraft() {
        guard FileSystem.exists(draft), let lock = try? FileLock(unlessHeld: lock) else { return }
        withExtendedLifetime(lock) { try? FileSystem.remove(draft) }
    }

    /// Who holds it may make the analysis.
    var lock: HostPath { folder.parent / ".\(folder.name).lock" }
}

/// All that an analysis of one recording will start and write, as a plain value.
public struct AnalysisPlan: Sendable {
    /// Which analysis it is.
    public let identity: AnalysisIdentity
    /// The replay; nothing where the recording's log alone is read.
    public let replay: ReplayPlan?
    /// How long the replay is expected to take at least and at most, where it is known to be slow.
    public let expected: ClosedRange<Duration>?

    /// The path prefix of the recording's files.
    let files: HostPath
    let sources: [any TableSource]
}
