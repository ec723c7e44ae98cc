import Foundation
public import HostSupport
public import Replays
public import RunRecords

/// Makes plans of analyses.
public struct AnalysisPlanner: Sendable {
    /// What is changed when the same outputs would become other tables.
    private static let version = 1

    private let request: AnalysisRequest
    private let replays: ReplayPlanner
    private let memory: ByteSize?
    private let output: HostPath?
    private let store = DigestStore()

    /// Creates a planner.
    ///
    /// - Parameters:
    ///   - request: What is to be found out.
    ///   - replays: What makes the plans of the replays.
    ///   - memory: The machine's memory, where it is not to be that of the record.
    ///   - output: The folder of the one analysis, where it is not kept with its run.
    public init(
        _ request: AnalysisRequest,
        replays: ReplayPlanner,
        memory: ByteSize? = nil,
        output: HostPath? = nil
    ) {
        self.request = request
        self.replays = replays
        self.memory = memory
        self.output = output
    }

    /// Tells which analysis of a recording is meant, for which the recording's files need not be there.
    ///
    /// - Parameters:
    ///   - recording: The recording, whose log must be whole.
    ///   - record: The run that it belongs to.
    ///   - folder: The run's folder, with the kernel's profile.
    /// - Returns: The analysis.
    /// - Throws: ``HostSupport/Failure`` where the recording is not whole, or a plugin has to know the guest's kernel and
    ///   nobody does.
    public func identity(
        _ recording: Recording,
        of record: RunRecord,
        in folder: RunFolder
    ) async throws -> AnalysisIdentity {
        guard recording.structure == .complete, let snapshot = recording.snapshot, let log = recording.log
        else {
            throw Failure(
                .badData,
                "the recording '\(recording.name)' is not whole: "
                    + (recording.problem ?? recording.structure.rawValue),
                hint: "an engine cannot replay it"
            )
        }
        let hasProfileFile = FileSystem.isRegularFile(folder.kernelInformation)
        let os = record.osProfile?.os
        let hasProfile = os.map { hasProfileFile || !$0.hasPrefix("linux") } ?? false
        let plugins = try request.plugins(hasProfile: hasProfile)
        if !hasProfile { try requireNoProfile(plugins, of: record) }
        var words = [
            "\(Self.version)", snapshot.sha256, log.sha256, request.text ?? "",
            memory.map { "\($0.bytes)" } ?? "",
            "\(usesPandalog(plugins))", os ?? "",
            hasProfileFile ? try await store.digest(of: folder.kernelInformation) : "",
        ]
        var digests: [String: String] = [:]
        var engine: RunRecord.Engine?
        if !plugins.isEmpty {
            let found = try await replays.engine(record.machine.architecture, plugins: plugins.map(\.name))
            engine = found.record
            for (name, file) in found.pluginFiles { digests[name] = try await store.digest(of: file) }
            words.append(found.record.sha256)
        }
        words += plugins.flatMap { [$0.description, digests[$0.name] ?? ""] }
        words += request.sources.flatMap { $0.tables.map(\.name) }
        return AnalysisIdentity(
            name: request.name,
            run: folder.path.name,
            recording: recording,
            folder: FileSystem.absolute(
                output
                    ?? folder.analysis(
                        request.name,
                        of: recording.name,
                        isOnly: record.recordings.count == 1
                    )
            ),
            plugins: plugins,
            digests: digests,
            engine: engine,
            key: RunningDigest.text(
                of: Data(words.map { "\($0.utf8.count):\($0)" }.joined().utf8),
                .sha256
            )
        )
    }

    /// Makes the plan of an analysis, after everything that would make it fail was looked for.
    ///
    /// - Parameters:
    ///   - identity: The analysis.
    ///   - record: The run that its recording belongs to.
    ///   - folder: The run's folder, with the recording's files.
    /// - Returns: The plan.
    /// - Throws: ``HostSupport/Failure`` naming what is missing, and what would help.
    public func plan(
        _ identity: AnalysisIdentity,
        of record: RunRecord,
        in folder: RunFolder
    ) async throws -> AnalysisPlan {
        let plugins = identity.plugins
        var replay: ReplayPlan?
        if !plugins.isEmpty {
            replay = try await replays.plan(
                identity.recording,
                of: record,
                in: folder,
                output: identity.draft,
                plugins: plugins.map(\.description),
                options: options(plugins),
                memory: memory,
                stubsMustNotBe: stubs(plugins)
            )
        }
        return AnalysisPlan(
            identity: identity,
            replay: replay,
            expected: Self.expected(plugins, identity.recording.instructions),
            files: FileSystem.absolute(folder.recording(identity.recording.name)),
            sources: request.sources
        )
    }

    /// The engine's arguments beside those of the machine.
    private func options(_ plugins: [PluginRequest]) -> [String] {
        // An option of its own: -panda splits values at commas and semicolons.
        let text = request.text.map { ["-panda-arg", "stringsearch:str=\($0)"] } ?? []
        return text + (usesPandalog(plugins) ? ["-pandalog", AnalysisOutput.pandalogName] : [])
    }

    private func usesPandalog(_ plugins: [PluginRequest]) -> Bool {
        if request.wantsPandalog { return true }
        let facts = plugins.map { PluginFacts.of($0).pandalog }
        let reads = request.sources.contains { $0.pandalogReader() != nil }
        return facts.contains { $0 == .required } || (reads && facts.contains { $0 == .better })
    }

    /// What must not be a stub, and for whom, and what does the same.
    private func stubs(_ plugins: [PluginRequest]) -> [StubRefusal] {
        var refusals = plugins.compactMap { plugin -> StubRefusal? in
            let facts = PluginFacts.of(plugin)
            return facts.library.map {
                StubRefusal(library: $0, user: "the plugin '\(plugin.name)'", instead: facts.instead)
            }
        }
        if usesPandalog(plugins) {
            refusals.append(StubRefusal(library: "libprotobuf.so.17", user: "PANDA's log", instead: nil))
        }
        return refusals
    }

    private func requireNoProfile(_ plugins: [PluginRequest], of record: RunRecord) throws {
        guard let plugin = plugins.first(where: { PluginFacts.of($0).needsProfile }) else { return }
        let reason = record.osProfile?.reason ?? "the trace has no profile of it"
        throw Failure(
            .unavailable,
            "the plugin '\(plugin.name)' has to know the guest's kernel: \(reason)",
            hint:
                "record a guest whose kernel has a profile ('pandacap image profile' makes one where that can be had), "
                + "or use --preset coverage, network or strings, which do without"
        )
    }

    private static func expected(_ plugins: [PluginRequest], _ instructions: UInt64?) -> ClosedRange<
        Duration
    >? {
        let speeds = plugins.compactMap { PluginFacts.of($0).speed }
        guard let instructions, let slowest = speeds.map(\.lowerBound).min(),
            let fastest = speeds.map(\.upperBound).min()
        else { return nil }
        let times = [fastest, slowest].map { Duration.seconds(Double(instructions) / $0) }
        return times[0]...times[1]
    }
}

/// Digests of files that many plans have in common, each taken once.
private actor DigestStore {
    private var known: [String: String] = [:]

    func digest(of path: HostPath) async throws -> String {
        let stamp = FileKind(path).map { "\($0.size) \($0.changed)" } ?? ""
        let name = "\(path) \(stamp)"
        if let digest = known[name] { return digest }
        let digest = try await Digest.sha256(path)
        known[name] = digest
        return digest
    }
}
