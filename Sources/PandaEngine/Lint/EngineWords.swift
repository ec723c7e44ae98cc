/// An engine's command line, taken apart into options and what stands behind them.
struct EngineWords: Sendable {
    /// An option with its value, if something that can be one follows it.
    struct Option: Sendable {
        /// The option's name, with one hyphen.
        let name: String
        /// What follows it.
        let value: String?

        /// The option and its value, as they are typed.
        var text: String { value.map { "\(name) \($0)" } ?? name }

        /// The parts of the value, between commas.
        var parts: [String] {
            (value ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }

        /// The value of a property in `name=value,...`.
        func property(_ name: String) -> String? {
            parts.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }

        /// What a device, a machine or another thing is called that has its name first, or after a property's.
        func kind(_ property: String) -> String {
            self.property(property) ?? parts.first { !$0.contains("=") } ?? ""
        }
    }

    /// The options in their order.
    let options: [Option]

    /// Takes an argument vector apart.
    init(_ arguments: [String]) {
        var options: [Option] = []
        for (index, word) in arguments.enumerated() where word.hasPrefix("-") && word.count > 1 {
            let next = index + 1 < arguments.count ? arguments[index + 1] : nil
            options.append(
                Option(
                    // QEMU takes two hyphens for one.
                    name: word.hasPrefix("--") ? String(word.dropFirst()) : word,
                    value: next.flatMap { $0.hasPrefix("-") ? nil : $0 }
                )
            )
        }
        self.options = options
    }

    /// The options of any of these names.
    func all(_ names: String...) -> [Option] { options.filter { names.contains($0.name) } }
}
