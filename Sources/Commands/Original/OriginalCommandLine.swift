/// The command line of the original's wrapper, in the form that this program's own parser takes.
///
/// The original had its options for all modes before the mode, took any unambiguous beginning of an option's name, and
/// values right behind a short option. `-v -m512 --run=x rec --panda P` becomes
/// `rec --verbose --mem=512 --run-id=x --panda=P`.
enum OriginalCommandLine {
    private struct Option {
        let name: String
        var short: Character?
        var takesValue = true
    }

    private static let modes: Set = ["rec", "repl", "maint"]

    /// The original's options.
    private static let options = [
        Option(name: "run-id"), Option(name: "output-dir", short: "o"), Option(name: "mem", short: "m"),
        Option(name: "target", short: "t"), Option(name: "disk", short: "d"), Option(name: "nic"),
        Option(name: "port-fwd"), Option(name: "display", short: "D"), Option(name: "docker-image"),
        Option(name: "docker-no-init", takesValue: false), Option(name: "docker-user"),
        Option(name: "docker-workdir"), Option(name: "docker-panda-root"),
        Option(name: "docker-mount", short: "M"), Option(name: "docker-net"), Option(name: "docker-port-fwd"),
        Option(name: "verbose", short: "v", takesValue: false), Option(name: "no-derive", takesValue: false),
        Option(name: "no-kvm", takesValue: false), Option(name: "os"), Option(name: "panda"),
        Option(name: "plog"), Option(name: "rr"), Option(name: "usbdisk-dir"),
    ]
    /// Options that the original did not have; they are not abbreviated.
    private static let others = [
        Option(name: "engine"), Option(name: "engine-arg"), Option(name: "ready-timeout"),
        Option(name: "reserve"), Option(name: "dry-run", takesValue: false),
        Option(name: "no-verify", takesValue: false), Option(name: "trust-machine", takesValue: false),
        Option(name: "unconfined", takesValue: false), Option(name: "egress", takesValue: false),
        Option(name: "json", takesValue: false), Option(name: "quiet", short: "q", takesValue: false),
        Option(name: "help", short: "h", takesValue: false), Option(name: "version", takesValue: false),
    ]

    /// Rearranges a command line of the original's; any other is left as it is.
    static func arranged(_ arguments: [String]) -> [String] {
        var mode: String?
        var words: [String] = []
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--" {
                words += [word] + rest
                break
            }
            if word.hasPrefix("--") {
                words += long(word, &rest)
            } else if word.hasPrefix("-"), word != "-" {
                words += short(word, &rest)
            } else if mode == nil {
                // The first word that is no option and no option's value names the command.
                guard modes.contains(word) else { return arguments }
                mode = word
            } else {
                words.append(word)
            }
        }
        guard let mode else { return arguments }
        return [mode] + words
    }

    private static func long(_ word: String, _ rest: inout ArraySlice<String>) -> [String] {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let begun = String(parts[0])
        let all = options + others
        let candidates = options.filter { $0.name.hasPrefix(begun) }
        guard
            let option = all.first(where: { $0.name == begun })
                ?? (candidates.count == 1 ? candidates[0] : nil)
        else { return [word] }
        if parts.count == 2 { return ["--\(option.name)=\(parts[1])"] }
        return [spelled(option, value: option.takesValue ? rest.popFirst() : nil)]
    }

    private static func short(_ word: String, _ rest: inout ArraySlice<String>) -> [String] {
        var found: [String] = []
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            guard let option = (options + others).first(where: { $0.short == letter }) else { return [word] }
            guard option.takesValue else {
                found.append(spelled(option, value: nil))
                continue
            }
            let value = letters.first == "=" ? letters.dropFirst() : letters
            found.append(spelled(option, value: letters.isEmpty ? rest.popFirst() : String(value)))
            break
        }
        return found
    }

    /// In one word, for a value may begin with a hyphen.
    private static func spelled(_ option: Option, value: String?) -> String {
        value.map { "--\(option.name)=\($0)" } ?? "--\(option.name)"
    }
}
