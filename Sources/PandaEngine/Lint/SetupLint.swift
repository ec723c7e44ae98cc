public import RunRecords

/// Holds an engine's command line against what is known of machines whose recordings replay.
///
/// Pure: it starts nothing and reads nothing. Each rule names the issues of PANDA in which users met it.
public struct SetupLint: Sendable {
    let words: EngineWords
    let architecture: GuestArchitecture?
    let hasCompleteSnapshotOption: Bool

    /// Prepares to look at a command line.
    ///
    /// - Parameters:
    ///   - arguments: The engine's arguments, without its name.
    ///   - architecture: The guest's architecture, where it is known.
    ///   - hasCompleteSnapshotOption: Whether the engine offers `-complete-rr-snapshot`.
    public init(
        _ arguments: [String],
        architecture: GuestArchitecture? = nil,
        hasCompleteSnapshotOption: Bool = false
    ) {
        words = EngineWords(arguments)
        self.architecture = architecture
        self.hasCompleteSnapshotOption = hasCompleteSnapshotOption
    }

    /// What was found, the warnings first.
    public var findings: [SetupFinding] {
        let found = processor + devices + machineAndPorts + recording + system
        return found.filter { $0.severity == .warning } + found.filter { $0.severity == .note }
    }

    /// A finding with issues of PANDA for its evidence.
    func finding(
        _ rule: String,
        _ severity: SetupFinding.Severity,
        _ subject: String?,
        _ message: String,
        issues: [Int] = [],
        source: String? = nil
    ) -> SetupFinding {
        SetupFinding(
            rule: rule,
            severity: severity,
            subject: subject,
            message: message,
            evidence: issues.map { "panda-re/panda#\($0)" } + [source].compactMap { $0 }
        )
    }

    /// Rules of the processor: one, emulated, of an architecture that can be recorded.
    private var processor: [SetupFinding] {
        var found: [SetupFinding] = []
        for option in words.all("-enable-kvm", "-accel", "-machine", "-M")
        where option.name == "-enable-kvm" || option.kind("accel") == "kvm"
            || option.property("accel") == "kvm"
        {
            found.append(
                finding(
                    "kvm",
                    .warning,
                    option.name == "-enable-kvm" ? option.name : option.text,
                    "under hardware virtualisation a recording is made without complaint and never replays",
                    issues: [195, 577, 1038, 1206]
                )
            )
        }
        for option in words.all("-smp") where Int(option.kind("cpus")).map({ $0 > 1 }) == true {
            found.append(
                finding(
                    "smp",
                    .warning,
                    option.text,
                    "only one processor is recorded; the replay ends with \"Unknown savevm section\"",
                    issues: [1038, 1206]
                )
            )
        }
        switch architecture {
        case .mips, .mipsel, .mips64:
            found.append(
                finding(
                    "architecture",
                    .warning,
                    architecture?.rawValue,
                    "PANDA records no MIPS guests: it says that this is unsupported, and ends",
                    source: "panda/src/rr/rr_log.c"
                )
            )
        case .aarch64:
            found.append(
                finding(
                    "architecture",
                    .warning,
                    architecture?.rawValue,
                    "recordings of aarch64 guests are fragile: some end in an assertion",
                    issues: [1134, 1624]
                )
            )
        case .x8664, .i386, .arm, .ppc, nil:
            break
        }
        return found
    }
}
