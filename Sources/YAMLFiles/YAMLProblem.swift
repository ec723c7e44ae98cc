/// Something wrong with a value of a YAML file that could be read: where, and what.
public struct YAMLProblem: Sendable, Hashable {
    /// The keys that lead there, with `[INDEX]` for a place in a list.
    public let path: [String]
    /// What is wrong, as the rest of a sentence that begins with the field.
    public let text: String

    /// Describes a problem.
    public init(path: [String], text: String) {
        self.path = path
        self.text = text
    }
}
