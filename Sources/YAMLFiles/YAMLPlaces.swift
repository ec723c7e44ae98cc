import Yams

/// Where the keys of a YAML file stand, for messages that lead a person to the line.
public struct YAMLPlaces: Sendable {
    private let lines: [String: Int]
    /// What the text is: a path, say.
    public let source: String

    init(root: Node, source: String) {
        self.source = source
        var lines: [String: Int] = [:]
        func walk(_ node: Node, _ path: [String]) {
            switch node {
            case .mapping(let mapping):
                for (key, value) in mapping {
                    let place = path + [key.string ?? "?"]
                    lines[Self.text(place)] = key.mark?.line
                    walk(value, place)
                }
            case .sequence(let sequence):
                for (index, element) in sequence.enumerated() {
                    let place = path + ["[\(index)]"]
                    lines[Self.text(place)] = element.mark?.line
                    walk(element, place)
                }
            case .scalar, .alias:
                break
            }
        }
        walk(root, [])
        self.lines = lines
    }

    /// `SOURCE:LINE` of a key, or of the nearest key above it that is there.
    public func line(of path: [String]) -> String {
        let line = (0...path.count).reversed().lazy.compactMap { lines[Self.text(path.prefix($0))] }.first
        return line.map { "\(source):\($0)" } ?? source
    }

    /// Says that nobody knows a key, and where it stands.
    func unknownKey(_ path: [String]) -> String { "\(line(of: path)): unknown key '\(Self.text(path))'" }

    /// `SOURCE:LINE: field 'PATH'`.
    public func place(of path: [String]) -> String { "\(line(of: path)): field '\(Self.text(path))'" }

    /// Says what is wrong with a key's value, and where it stands.
    public func finding(_ path: [String], _ problem: String) -> String {
        "\(place(of: path)) \(problem)"
    }

    /// A path as a person writes it: `files[0].mode`.
    private static func text(_ path: some Sequence<String>) -> String {
        path.reduce("") { $0.isEmpty ? $1 : $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
    }
}
