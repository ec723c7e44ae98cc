import HostSupport

/// A plugin that a recording is to be replayed under.
public struct PluginRequest: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Its name.
    public let name: String
    /// Its arguments, each `NAME=VALUE`.
    public let arguments: [String]

    /// Describes a plugin.
    public init(_ name: String, _ arguments: [String] = []) {
        self.name = name
        self.arguments = arguments
    }

    /// Reads `NAME` or `NAME:ARGUMENT=VALUE,...`, as PANDA's option `-panda` has it.
    ///
    /// - Parameter text: The text.
    /// - Throws: ``HostSupport/Failure`` with `usage` where it names no plugin.
    public init(parsing text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, name.wholeMatch(of: /[A-Za-z][A-Za-z0-9_]{0,60}/) != nil else {
            throw Failure(
                .usage,
                "'\(Console.printable(text))' names no plugin",
                hint: "give --plugin NAME or --plugin NAME:ARGUMENT=VALUE,..."
            )
        }
        guard !text.contains(";") else {
            throw Failure(
                .usage,
                "'\(Console.printable(text))': PANDA takes what follows ';' for another plugin"
            )
        }
        self.name = String(name)
        arguments = parts.count < 2 ? [] : parts[1].split(separator: ",").map(String.init)
    }

    /// As PANDA's option takes it.
    public var description: String {
        arguments.isEmpty ? name : "\(name):\(arguments.joined(separator: ","))"
    }

    /// The value of an argument.
    func value(_ argument: String) -> String? {
        arguments.last { $0.hasPrefix(argument + "=") }.map { String($0.dropFirst(argument.count + 1)) }
    }
}
