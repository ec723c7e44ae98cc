import Glibc

/// What tells one process from another, and what is known of it by that.
public enum ProcessIdentity {
    /// This process's identifier.
    public static var current: Int32 { getpid() }

    /// The processor time that a process has used, in seconds; 0 where it has ended.
    ///
    /// - Parameter identifier: The process.
    /// - Returns: The time that it spent itself and that the system spent for it.
    public static func processorSeconds(of identifier: Int32) -> Double {
        // User and system time are the 14th and 15th field.
        let fields = fields(of: identifier)
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            return 0
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// When a process was started, which tells it from a later one with its number.
    ///
    /// - Parameter identifier: The process.
    /// - Returns: Ticks of the clock since the host's boot; nothing where there is no such process.
    public static func startTicks(of identifier: Int32) -> UInt64? {
        let fields = fields(of: identifier)
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }

    /// What `/proc/PID/stat` has behind the process's name, from the third field on (proc(5)).
    private static func fields(of identifier: Int32) -> [Substring] {
        guard let text = try? FileSystem.readText(HostPath("/proc/\(identifier)/stat")),
            let end = text.lastIndex(of: ")")
        else { return [] }
        return text[text.index(after: end)...].split(separator: " ")
    }

    /// A process and all that descend from it, as far as they have not parted from their parents.
    ///
    /// - Parameter identifier: The process.
    /// - Returns: Their identifiers, the process's own first.
    public static func family(of identifier: Int32) -> [Int32] {
        // Each thread has a list of those that it started (proc_pid_task(5)).
        let threads = HostPath("/proc/\(identifier)/task")
        let children = FileSystem.list(threads).flatMap { thread in
            ((try? FileSystem.readText(threads / thread / "children")) ?? "").split(separator: " ")
                .compactMap { Int32($0) }
        }
        return [identifier] + children.flatMap(family)
    }
}
