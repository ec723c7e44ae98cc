public import HostSupport

extension SlurmSettings {
    /// The arguments of `sbatch` for a job array whose script is told the number of its task 0.
    ///
    /// - Parameters:
    ///   - script: The script; it runs in its folder, and what tasks say goes to `logs` there.
    ///   - job: The job's name in Slurm's lists.
    ///   - comment: What tells the array from others.
    ///   - tasks: The tasks, as Slurm writes them.
    ///   - base: The number of the task 0.
    /// - Returns: The argument vector.
    public func arguments(script: HostPath, job: String, comment: String, tasks: String, base: Int)
        -> [String]
    {
        let throttle = throttle.map { "%\($0)" } ?? ""
        var words = [
            "--parsable", "--job-name=\(job)", "--comment=\(comment)", "--array=\(tasks)\(throttle)",
            "--requeue",
            "--open-mode=append", "--ntasks=1", "--cpus-per-task=1", "--chdir=\(script.parent)",
            "--output=logs/%A_%a.log",
        ]
        if let partition { words.append("--partition=\(partition)") }
        if let time { words.append("--time=\(time)") }
        if let memory { words.append("--mem=\(memory)") }
        return words + arguments + [script.string, "\(base)"]
    }

    /// Fills in a script for tasks.
    ///
    /// - Parameters:
    ///   - template: The script, with `{{submission}}`, `{{environment}}`, `{{command}}` and others.
    ///   - submission: The arguments of `sbatch`.
    ///   - command: What a task runs.
    ///   - further: What takes the place of the others.
    /// - Returns: The script.
    public func script(
        _ template: String,
        submission: [String],
        command: [String],
        further: [String: String]
    ) -> String {
        let exports = environment.sorted { $0.key < $1.key }
            .map { "export \($0.key)=\(shellQuoted($0.value))" }
        let own = [
            "submission": shellLine(["sbatch"] + submission)
                .split(whereSeparator: \.isNewline).joined(separator: " "),
            "environment": exports.joined(separator: "\n"),
            "command": shellLine(command),
        ]
        let values = own.merging(further) { $1 }
        return template.replacing(/{{([a-z]+)}}/) { values[String($0.1)] ?? "" }
    }
}
