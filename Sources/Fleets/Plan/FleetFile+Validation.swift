import Capture
public import HostSupport
import RunRecords
import YAMLFiles

extension FleetFile {
    /// The layout that this version reads.
    static let currentSchema = 1
    /// The most slots of a fleet.
    static let mostSlots = 4096

    /// Reads a fleet's file.
    ///
    /// - Parameter path: The file.
    /// - Returns: The file's contents, checked.
    /// - Throws: ``HostSupport/Failure`` with ``HostSupport/Failure/Code/configuration``, naming the file, the line and
    ///   the key of everything that is wrong.
    public static func read(_ path: HostPath) throws -> FleetFile {
        try parse(try FileSystem.readText(path, limit: 1 << 20), source: path.string)
    }

    /// Reads the text of a fleet's file.
    static func parse(_ text: String, source: String) throws -> FleetFile {
        try StrictYAML.decode(FleetFile.self, from: text, source: source, checking: \.problems).value
    }

    private var problems: [YAMLProblem] {
        guard schema == Self.currentSchema else {
            return [
                YAMLProblem(path: ["schema"], text: "is \(schema): this version reads \(Self.currentSchema)")
            ]
        }
        var found: [YAMLProblem] = []
        func check(_ holds: Bool, _ key: String, _ text: String) {
            if !holds {
                found.append(YAMLProblem(path: key.split(separator: ".").map(String.init), text: text))
            }
        }
        check(name == safeFileName(name, limit: 60), "name", "cannot name a fleet: '\(name)'")
        check(!guest.image.isEmpty, "image", "must name an image")
        check((1...Self.mostSlots).contains(slots), "slots", "must be 1 to \(Self.mostSlots): \(slots)")
        check(recordings.map { (1...1000).contains($0) } ?? true, "recordings", "must be 1 to 1000")
        check(verifiers.map { (0...64).contains($0) } ?? true, "verifiers", "must be 0 to 64")
        check(metricsPort != 0, "metricsPort", "must be a port")
        check(trigger != .command, "trigger", "'command' is what campaigns are for")
        check(
            (trigger == .serial) == (serial != nil),
            trigger == .serial ? "trigger" : "serial",
            "'trigger: serial' and the words under 'serial' go together"
        )
        check(guest.bootstrap != nil || guest.set == nil, "set", "is for a bundle: name it under 'bootstrap'")
        check(guest.bootstrap != nil || guest.add == nil, "add", "is for a bundle: name it under 'bootstrap'")
        if let serial {
            check(!serial.start.isEmpty, "serial.start", "must not be empty")
            check(serial.stop?.isEmpty != true, "serial.stop", "must not be empty")
        }
        let endless =
            trigger == .atOnce && limits?.recording == nil && limits?.log == nil && limits?.period == nil
        check(
            !endless,
            "trigger",
            "'at-once' needs a limit that ends the recording: recording, log or period"
        )
        check(trigger != .atOnce || recordings ?? 1 == 1, "recordings", "must be 1 with 'trigger: at-once'")
        return found + guest.problems + portProblems + startProblems + budgetProblems
    }

    private var portProblems: [YAMLProblem] {
        guard let ports else { return [] }
        var found: [YAMLProblem] = []
        if ports.guest == 0 { found.append(YAMLProblem(path: ["ports", "guest"], text: "must be a port")) }
        var seen: Set<UInt16> = []
        for (index, port) in (ports.first ?? []).enumerated() where port != 0 && !seen.insert(port).inserted {
            found.append(
                YAMLProblem(path: ["ports", "first", "[\(index)]"], text: "is given twice: \(port)")
            )
        }
        if let base = ports.base, base > 0 {
            let range = Int(base)...(Int(base) + slots - 1)
            if range.upperBound > 65535 {
                found.append(
                    YAMLProblem(path: ["ports", "base"], text: "leaves no port for slot \(slots - 1)")
                )
            } else if let taken = (0..<min(slots, ports.first?.count ?? 0)).compactMap({ ports.first?[$0] })
                .first(where: { port in
                    range.contains(Int(port)) && Int(port) - Int(base) >= (ports.first?.count ?? 0)
                })
            {
                found.append(
                    YAMLProblem(path: ["ports", "base"], text: "gives the port \(taken) to two slots")
                )
            }
        }
        return found
    }

    private var startProblems: [YAMLProblem] {
        guard let starts else { return [] }
        var found: [YAMLProblem] = []
        if let atOnce = starts.atOnce, !(1...256).contains(atOnce) {
            found.append(YAMLProblem(path: ["starts", "atOnce"], text: "must be 1 to 256: \(atOnce)"))
        }
        if let breaker = starts.breaker, !(1...10_000).contains(breaker) {
            found.append(YAMLProblem(path: ["starts", "breaker"], text: "must be 1 to 10000: \(breaker)"))
        }
        return found
    }

    private var budgetProblems: [YAMLProblem] {
        guard let memory = budget?.memory, let each = guest.memory else { return [] }
        let wanted = ByteSize(bytes: each.bytes * UInt64(max(slots, 0)))
        return wanted <= memory
            ? []
            : [
                YAMLProblem(
                    path: ["budget", "memory"],
                    text: "is less than the \(wanted) of \(slots) machines"
                )
            ]
    }
}
