import HostSupport

/// The plugins of `--panda`: those of recctrl as limits of our own, and all others.
///
/// The limits are never handed to recctrl: with `nrec` it ends the engine before the guest's output is through, and its
/// timer aborts the engine where the host ends a recording first.
struct PluginWords: Equatable {
    /// How many recordings are made; 0 for any number.
    private(set) var recordings = 0
    /// How long a recording may last.
    private(set) var timeLimit: Duration?
    /// The other plugins, as `NAME` or `NAME:ARGUMENT=VALUE,...`.
    private(set) var others: [String] = []

    /// Takes apart what PANDA's `-panda` takes.
    ///
    /// - Parameter text: Such as `recctrl:session_rec=y,nrec=1,timeout=1800;coverage`.
    /// - Throws: `Failure` with `usage` where recctrl is to do what it does not do here.
    init(_ text: String) throws {
        for plugin in text.split(separator: ";").map(String.init) {
            let parts = plugin.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.first == "recctrl" else {
                others.append(plugin)
                continue
            }
            try readLimits(parts.count > 1 ? parts[1] : "")
        }
    }

    private mutating func readLimits(_ text: String) throws {
        var countsSessions = false
        for argument in text.split(separator: ",") {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count > 1 ? parts[1] : ""
            switch parts[0] {
            case "session_rec":
                countsSessions = ["y", "yes", "true", "1", "on"].contains(value.lowercased())
            case "nrec":
                recordings = Int(try Self.number(value, of: "nrec"))
            case "timeout":
                let seconds = try Self.number(value, of: "timeout")
                timeLimit = seconds == 0 ? nil : .seconds(Int64(seconds))
            default:
                throw Failure(
                    .usage,
                    "recctrl cannot be given '\(argument)' here",
                    hint: "its arguments are session_rec=y, nrec=NUMBER and timeout=SECONDS"
                )
            }
        }
        guard countsSessions else {
            throw Failure(
                .usage,
                "recctrl is to count no sessions, and begin and end recordings at each call alike",
                hint: "write recctrl:session_rec=y, and have the guest call 'recctrlu open_session NAME' and "
                    + "'recctrlu close_session NAME'"
            )
        }
    }

    private static func number(_ text: String, of name: String) throws -> UInt32 {
        guard let number = UInt32(text) else {
            throw Failure(.usage, "recctrl's \(name) is '\(text)', which is no number")
        }
        return number
    }
}
