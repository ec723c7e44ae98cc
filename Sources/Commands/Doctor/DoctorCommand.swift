import ArgumentParser
import HostSupport
import PandaEngine
import RunRecords

struct DoctorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell what is there, what is missing and how to get it; lint a set-up",
        discussion: """
            With a run, or the engine's arguments behind '--', the machine is held against what is known of machines \
            whose recordings replay; each finding names the issues of PANDA that tell of it.

            Examples:
              $ pandacap doctor
              $ pandacap doctor traces/runs/RUN-ID
              $ pandacap doctor --arch x86_64 -- -m 1024 -smp 4 -device virtio-net-pci,netdev=net0

            The exit code is 0 where there are but notes and warnings, and 69 where something is missing without which \
            nothing can be recorded.
            """
    )

    @Argument(help: "A run's folder or its id.")
    var run: String?

    @Argument(parsing: .postTerminator, help: "An engine's arguments, after '--'.")
    var arguments: [String] = []

    @Option(name: .customLong("arch"), help: "The architecture of the guest that the arguments are for.")
    var architecture: GuestArchitecture?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder that a run's id is looked up in.", valueName: "folder"),
        completion: .directory
    )
    var collection = "traces"

    @OptionGroup(title: "Engine options") var engine: EngineOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if run != nil, !arguments.isEmpty {
            throw ValidationError("a run has its own arguments: name either a run, or arguments after '--'")
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let engines = try engine.finder()
        if let run { return try await lint(run, engines) }
        if !arguments.isEmpty {
            try print(LintReport(findings: try await findings(arguments, architecture, engines)))
            return 0
        }
        let checks = try await HostExamination(engines: engines).checks()
        try print(DoctorReport(checks: checks))
        return checks.contains { $0.status == .missing } ? Failure.Code.unavailable.exitCode : 0
    }

    private func lint(_ name: String, _ engines: EngineFinder) async throws -> Int32 {
        guard let folder = RunFolder.find(name, in: HostPath(collection)) else {
            throw Failure(
                .notFound,
                "'\(name)' is no run: neither a run's folder, nor a run in \(collection)",
                hint: "arguments of an engine stand behind '--'"
            )
        }
        let record = try RunRecord.read(from: folder)
        let words = record.command.arguments
        let own =
            words.firstIndex(of: record.engine.program.string).map { Array(words[($0 + 1)...]) } ?? words
        try print(LintReport(findings: try await findings(own, record.machine.architecture, engines)))
        return 0
    }

    private func findings(
        _ arguments: [String],
        _ architecture: GuestArchitecture?,
        _ engines: EngineFinder
    ) async throws -> [SetupFinding] {
        // Without an engine it cannot be known what it offers.
        var offersCompleteSnapshots = false
        if let engine = try? await engines.find(architecture ?? .x8664) {
            offersCompleteSnapshots =
                (try? await engines.description(of: engine).hasCompleteSnapshotOption) ?? false
        }
        return SetupLint(
            arguments,
            architecture: architecture,
            hasCompleteSnapshotOption: offersCompleteSnapshots
        ).findings
    }
}

/// What of the host was looked at.
struct DoctorReport: Report {
    let checks: [HostCheck]

    var text: String {
        checks.map { check in
            let mark = check.status == .ok ? "ok     " : check.status == .note ? "note   " : "MISSING"
            return "\(mark)  \(check.name): \(check.text)" + (check.remedy.map { "\n         \($0)" } ?? "")
        }.joined(separator: "\n")
    }
}

/// What was found about a machine.
struct LintReport: Report {
    let findings: [SetupFinding]

    var text: String {
        findings.map { "\($0.severity.rawValue): \($0.text)" }.joined(separator: "\n")
    }
}
