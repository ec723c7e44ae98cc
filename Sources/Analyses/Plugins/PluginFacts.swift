import HostSupport

/// What a plugin of PANDA's needs that neither its file nor PANDA tells before it is loaded.
///
/// Found by loading each: with and without a kernel profile, with and without `-pandalog`.
struct PluginFacts: Sendable {
    /// What a plugin does with PANDA's log.
    enum Pandalog: Sendable {
        /// Nothing.
        case none
        /// What it finds goes there instead of where it goes else.
        case better
        /// It stops the engine where there is none.
        case required
    }

    /// Whether it asks `osi` for processes or `syscalls2` for system calls, which have to know the guest's kernel.
    var needsProfile = false
    /// What it does with PANDA's log.
    var pandalog = Pandalog.none
    /// How many instructions a second are replayed, where that is far fewer than without the plugin.
    var speed: ClosedRange<Double>?
    /// Whether others build on it, so that it is to be loaded before them.
    var isProvider = false
    /// A library that a stub may stand for, without which it does nothing but stop the engine.
    var library: String?
    /// What does the same without it.
    var instead: String?

    /// What is known of a plugin; nothing special where it is not told here.
    static func of(_ plugin: PluginRequest) -> PluginFacts {
        var facts = all[plugin.name] ?? PluginFacts()
        if plugin.name == "coverage" {
            facts.needsProfile = plugin.value("mode") == "osi-block" || plugin.value("process_name") != nil
        }
        return facts
    }

    /// Puts those first that others build on; PANDA loads plugins in the order in which they are named.
    static func ordered(_ plugins: [PluginRequest]) -> [PluginRequest] {
        let providers = plugins.filter { of($0).isProvider }.sorted { rank($0) < rank($1) }
        return providers + plugins.filter { !of($0).isProvider }
    }

    private static func rank(_ plugin: PluginRequest) -> Int {
        ["syscalls2", "osi", "osi_linux", "wintrospection", "callstack_instr", "hooks", "taint2"]
            .firstIndex(of: plugin.name) ?? .max
    }

    private static let taint = PluginFacts(pandalog: .better, speed: 16_000...20_000)

    private static let all: [String: PluginFacts] = [
        "asidstory": .init(needsProfile: true, pandalog: .better),
        "callstack_instr": .init(isProvider: true),
        "collect_code": .init(pandalog: .required),
        "dynamic_symbols": .init(needsProfile: true, isProvider: true),
        "edge_coverage": .init(needsProfile: true, pandalog: .required),
        "file_taint": .init(needsProfile: true, speed: 16_000...20_000),
        "guest_events": .init(needsProfile: true),
        "hooks": .init(isProvider: true),
        "loaded": .init(needsProfile: true),
        "loaded_libs": .init(needsProfile: true, pandalog: .required),
        "network": .init(
            library: "libwiretap.so.10",
            instead: "the preset 'network' reads packets out of the log"
        ),
        "osi": .init(needsProfile: true, isProvider: true),
        "osi_linux": .init(needsProfile: true, isProvider: true),
        "osi_test": .init(needsProfile: true),
        "proc_start_linux": .init(needsProfile: true),
        "proc_trace": .init(needsProfile: true, pandalog: .required),
        "serial_taint": .init(pandalog: .required, speed: 16_000...20_000),
        "signal": .init(needsProfile: true, pandalog: .better),
        "syscalls2": .init(needsProfile: true, isProvider: true),
        "syscalls_logger": .init(needsProfile: true, pandalog: .better),
        "taint2": .init(isProvider: true, library: "libLLVM-11.so.1"),
        "tainted_branch": Self.required(taint),
        "tainted_instr": Self.required(taint),
        "tainted_mmio": taint,
        "tainted_net": .init(speed: 16_000...20_000),
    ]

    private static func required(_ facts: PluginFacts) -> PluginFacts {
        var facts = facts
        facts.pandalog = .required
        return facts
    }
}
