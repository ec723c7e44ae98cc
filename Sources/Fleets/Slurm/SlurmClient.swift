import HostSupport

/// Slurm, by its own programs.
public struct SlurmClient: Sendable {
    /// Tasks of a job array that Slurm has not done with.
    public struct Tasks: Sendable, Equatable {
        /// The array's number.
        public let job: UInt64
        /// The tasks' numbers.
        public let numbers: Set<Int>
        /// Whether they run, and do not wait.
        public let isRunning: Bool
        /// The comment that the array was submitted with.
        public let comment: String
    }

    private static let package = "slurm-client"

    /// Uses the programs on `PATH`.
    public init() {}

    /// Submits a job array.
    ///
    /// - Parameter arguments: The arguments of `sbatch`, with `--parsable`.
    /// - Returns: The array's number.
    /// - Throws: ``HostSupport/Failure`` with Slurm's own words.
    public func submit(_ arguments: [String]) async throws -> UInt64 {
        let output = try await Tool("sbatch", package: Self.package).run(arguments)
        guard let id = Self.jobNumber(output) else {
            throw Failure(.system, "sbatch printed '\(output)' instead of a job's number")
        }
        return id
    }

    /// The tasks of jobs with a name that wait or run.
    ///
    /// - Parameter name: The jobs' name.
    /// - Returns: The tasks; nothing where Slurm does not answer now.
    /// - Throws: ``HostSupport/Failure`` where Slurm is not there.
    public func tasks(ofJobsNamed name: String) async throws -> [Tasks]? {
        let output = try await Tool("squeue", package: Self.package).output([
            "--noheader", "--array", "--name=\(name)", "--format=%F|%K|%T|%k",
        ])
        guard output.status == .exited(0) else { return nil }
        return Self.tasks(output.standardOutput)
    }

    /// The number above which a task's number must not be.
    ///
    /// - Returns: Slurm's `MaxArraySize`.
    /// - Throws: ``HostSupport/Failure`` where Slurm does not answer.
    public func maximumArraySize() async throws -> Int {
        let text = try await Tool("scontrol", package: Self.package).run(["show", "config"])
        guard let size = Self.maximumArraySize(text) else {
            throw Failure(.system, "'scontrol show config' says nothing of MaxArraySize")
        }
        guard size > 1 else {
            throw Failure(
                .unavailable,
                "this Slurm has no job arrays: its MaxArraySize is \(size)",
                hint: "raise MaxArraySize in slurm.conf"
            )
        }
        return size
    }

    /// Reads what `sbatch --parsable` prints: a number, with the cluster's name behind it where there are several.
    static func jobNumber(_ output: String) -> UInt64? {
        output.split(whereSeparator: \.isNewline).last
            .flatMap { $0.wholeMatch(of: /([0-9]{1,19})(?:;.*)?/) }.flatMap { UInt64($0.1) }
    }

    /// Reads `MaxArraySize` from what `scontrol show config` prints.
    static func maximumArraySize(_ text: String) -> Int? {
        text.firstMatch(of: /(?m)^MaxArraySize\s*=\s*([0-9]{1,9})\s*$/).flatMap { Int($0.1) }
    }

    /// Reads lines of a job's number, task numbers, a state and a comment; lines that are none are left out.
    static func tasks(_ text: String) -> [Tasks] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let fields = line.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, let job = UInt64(fields[0]),
                let numbers = IndexList.numbers(String(fields[1]))
            else { return nil }
            return Tasks(
                job: job,
                numbers: numbers,
                isRunning: fields[2] == "RUNNING",
                comment: String(fields[3])
            )
        }
    }
}
