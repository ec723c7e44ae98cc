import Foundation
public import HostSupport
import Replays
public import RunRecords

/// Acts on a plan: replays a recording under plugins, and makes tables of what they left.
public struct Analysis: Sendable {
    private let plan: AnalysisPlan
    private let console: Console
    private let report: @Sendable (Double) -> Void

    /// Prepares to act on a plan.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - console: What a person is told meanwhile.
    ///   - report: Is told how far the replay is, in per cent.
    public init(
        plan: AnalysisPlan,
        console: Console,
        report: @escaping @Sendable (Double) -> Void = { _ in }
    ) {
        self.plan = plan
        self.console = console
        self.report = report
    }

    /// What an analysis came to.
    public struct Outcome: Sendable {
        /// Its manifest, which is in its folder.
        public let manifest: AnalysisManifest
        /// Whether an earlier one came to the same.
        public let isKept: Bool
        /// How the replay ended; nothing where there was none.
        public let verdict: Verification.Verdict?
    }

    /// Makes the analysis, unless it is there.
    ///
    /// The folder gets its name at the end, over the folder of an earlier analysis; one that is interrupted leaves
    /// nothing, and one that is killed leaves what the next one removes.
    ///
    /// - Parameter again: Whether one that is there is made anew.
    /// - Returns: What came of it. A plugin that stopped the engine is a result and no error.
    /// - Throws: ``HostSupport/Failure``: `timeout` where another process makes it now, `interrupted` by a signal, or
    ///   what keeps the engine from being started.
    public func run(again: Bool = false) async throws -> Outcome {
        let identity = plan.identity
        if !again, let manifest = identity.finished {
            identity.removeLeftDraft()
            return Outcome(manifest: manifest, isKept: true, verdict: nil)
        }
        try FileSystem.createDirectory(identity.folder.parent)
        let lock: FileLock
        do {
            lock = try FileLock(unlessHeld: identity.lock)
        } catch let failure as Failure where failure.code == .timeout {
            throw Failure(.timeout, "another process makes \(identity.folder) now", hint: "wait for its end")
        }
        defer { withExtendedLifetime(lock) {} }
        guard
            !FileSystem.exists(identity.folder)
                || FileSystem.exists(identity.folder / AnalysisManifest.fileName)
        else {
            throw Failure(
                .cannotCreate,
                "\(identity.folder) is there already, and is no analysis",
                hint: "name another folder, or another analysis"
            )
        }
        let draft = identity.draft
        try FileSystem.remove(draft)
        try FileSystem.createDirectory(draft)
        do {
            let (manifest, verdict) = try await make(in: draft)
            if verdict == .stopped, Interrupts.count > 0 { throw Failure(.interrupted, "interrupted") }
            try FileSystem.remove(identity.folder)
            try FileSystem.rename(draft, to: identity.folder)
            return Outcome(manifest: manifest, isKept: false, verdict: verdict)
        } catch {
            try? FileSystem.remove(draft)
            throw error
        }
    }

    private func make(in draft: HostPath) async throws -> (AnalysisManifest, Verification.Verdict?) {
        let start = ContinuousClock.now
        let identity = plan.identity
        let instructions = identity.recording.instructions
        var manifest = AnalysisManifest(identity)
        var verdict: Verification.Verdict?
        if let replay = plan.replay {
            if let expected = plan.expected {
                console.step(
                    "\(identity.run): taint is followed through 16000 to 20000 instructions a second; "
                        + "\(instructions ?? 0) take \(expected.lowerBound.text) to "
                        + "\(expected.upperBound.text)"
                )
            }
            let verification = try await Replay(plan: replay, console: console, report: report).run()
            verdict = verification.verdict
            manifest.problem = verification.problem
            manifest.exitCode = Failure.Code.diverged.exitCode
            manifest.replaySeconds = verification.seconds
            try Self.sweep(draft)
        }
        manifest.instructions = instructions
        // What was written before the engine was stopped may be worth something, and may be half of what it looks like.
        if verdict == nil || verdict == .replayed {
            do {
                manifest.tables = try tables(in: draft)
                manifest.state = .finished
                manifest.exitCode = nil
            } catch let failure as Failure where failure.code == .badData {
                manifest.problem = failure.message
                manifest.exitCode = failure.code.exitCode
            }
        }
        manifest.files = Self.files(in: draft)
        manifest.seconds = (ContinuousClock.now - start).seconds
        try manifest.write(to: draft)
        return (manifest, verdict)
    }

    private func tables(in draft: HostPath) throws -> [AnalysisManifest.Table] {
        let output = AnalysisOutput(folder: draft, recording: plan.files, plugins: plan.identity.plugins)
        let sink = TableSink(draft)
        var readers = plan.sources.compactMap { $0.pandalogReader() }
        if !readers.isEmpty, FileSystem.isRegularFile(output.pandalog) {
            try Self.naming(output.pandalog) {
                try Pandalog(output.pandalog).read { entry in
                    for index in readers.indices { try readers[index].read(entry, into: sink) }
                }
                for index in readers.indices { try readers[index].finish(into: sink) }
            }
        }
        for source in plan.sources { try source.read(output, into: sink) }
        return try sink.finish()
    }

    private static func naming(_ path: HostPath, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as PandalogError {
            throw error.failure(path)
        }
    }

    /// Takes away what an engine that a guest took over may have left for us to trip over: what we write next goes through no
    /// link, and over no file that hides.
    private static func sweep(_ folder: HostPath) throws {
        for name in FileSystem.list(folder) {
            let kind = FileKind(folder / name)?.kind
            if name.hasPrefix(".") || kind == .link || kind == .special {
                try FileSystem.remove(folder / name)
            }
        }
    }

    /// The regular files in a folder; what else a plugin may have made there is left out.
    private static func files(in folder: HostPath, below prefix: String = "") -> [AnalysisManifest.File] {
        FileSystem.list(folder).flatMap { name -> [AnalysisManifest.File] in
            guard let kind = FileKind(folder / name), !name.hasPrefix(".") else { return [] }
            switch kind.kind {
            case .regular: return [.init(name: prefix + name, bytes: kind.size)]
            case .folder where prefix.utf8.count < 1024:
                return files(in: folder / name, below: "\(prefix)\(name)/")
            default: return []
            }
        }
    }
}

extension AnalysisManifest {
    /// That of an analysis that is begun.
    init(_ identity: AnalysisIdentity) {
        self.init(
            name: identity.name,
            run: identity.run,
            recording: identity.recording.name,
            snapshotSHA256: identity.recording.snapshot?.sha256 ?? "",
            logSHA256: identity.recording.log?.sha256 ?? "",
            plugins: identity.plugins.map {
                .init(name: $0.name, arguments: $0.arguments, sha256: identity.digests[$0.name])
            },
            engine: identity.engine,
            key: identity.key
        )
    }
}
