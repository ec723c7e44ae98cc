import Glibc
public import HostSupport

/// What a container may use up.
public struct ContainerLimits: Sendable, Hashable, Codable {
    /// Memory; an engine that wants more is ended.
    ///
    /// Twice the machine's and a gibibyte where there is none: the engine
    /// keeps what it translated beside the machine's memory, and LLVM is large.
    public var memory: ByteSize?
    /// Processes and threads.
    public var processes = 512
    /// The size of a file that is written.
    ///
    /// A log that grows beyond it ends the engine.
    public var fileSize = ByteSize.mebibytes(64 << 10)

    /// The limits that hold where nothing is asked for.
    public init() {}

    /// The words of a runtime's `run` for a machine.
    func words(machineMemory: ByteSize, _ runtime: ContainerRuntime.Kind) -> [String] {
        let memory = memory ?? ByteSize(bytes: machineMemory.bytes * 2 + (1 << 30))
        return [
            "--memory", "\(memory.bytes)b", "--pids-limit", "\(processes)",
            "--ulimit", "fsize=\(fileSize.bytes):\(fileSize.bytes)", "--ulimit", "core=0:0",
        ] + (runtime == .podman ? Self.limitsOfPodman : [])
    }

    /// Podman raises these two unless it is told what they are, and may not on every host.
    private static var limitsOfPodman: [String] {
        func word(_ name: String, _ resource: __rlimit_resource, most: UInt) -> [String] {
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
            let value = min(limit.rlim_max, most)
            return ["--ulimit", "\(name)=\(value):\(value)"]
        }
        return word("nofile", RLIMIT_NOFILE, most: 1 << 20) + word("nproc", __RLIMIT_NPROC, most: 30_000)
    }
}
