import HostSupport
public import RunRecords

/// The record of a run that is planned, for tests that want any.
///
/// - Parameters:
///   - id: The run's name.
///   - architecture: The architecture of its machine, which has 64 MiB of memory.
///   - trigger: What starts its recordings.
/// - Returns: The record.
/// - Throws: What a name throws that cannot be a run's.
public func plannedRecord(
    _ id: String = "one",
    architecture: GuestArchitecture = .i386,
    trigger: RunRecord.Trigger = .command
) throws -> RunRecord {
    RunRecord(
        id: try RunID(named: id),
        version: "0",
        image: .init(name: "tiny", digest: ""),
        engine: .init(program: "/e", version: "", sha256: ""),
        machine: Machine(architecture: architecture, memory: .mebibytes(64)),
        command: LaunchCommand(executable: "/e", arguments: [], workingDirectory: "/"),
        confined: true,
        egress: false,
        forwards: [],
        trigger: trigger
    )
}
