import HostSupport
import Yams

/// Reads configuration from YAML and lets nothing pass that would have no effect: unknown keys are errors.
public enum StrictYAML {
    /// Reads a value.
    ///
    /// A key is unknown where it is not among those that the value is encoded with.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - text: The YAML.
    ///   - source: What the text is, for messages: a path, say.
    /// - Returns: The value, and where its keys stand.
    /// - Throws: ``HostSupport/Failure`` with the source, the line and the key.
    public static func decode<Value: Codable>(
        _ type: Value.Type,
        from text: String,
        source: String
    ) throws -> (value: Value, places: YAMLPlaces) {
        let given: Node
        do {
            guard let node = try compose(yaml: text) else {
                throw Failure(.configuration, "\(source) is empty")
            }
            given = node
        } catch let error as YamlError {
            throw Failure(.configuration, "\(source): \(error.sentence)")
        }
        let places = YAMLPlaces(root: given, source: source)
        do {
            let value = try YAMLDecoder().decode(type, from: given)
            let taken = try compose(yaml: try YAMLEncoder().encode(value))
            let unknown = unknownKeys(given, taken, path: [])
            guard unknown.isEmpty else {
                throw Failure(.configuration, unknown.map(places.unknownKey).joined(separator: "\n"))
            }
            return (value, places)
        } catch let error as DecodingError {
            throw Failure(
                .configuration,
                "\(places.line(of: error.path)): \(error.explanation)"
            )
        }
    }

    /// Reads a value, and looks for all that is wrong with it.
    ///
    /// - Parameters:
    ///   - type: The type to read.
    ///   - text: The YAML.
    ///   - source: What the text is, for messages: a path, say.
    ///   - problems: What is wrong with a value that could be read.
    /// - Returns: The value, with which nothing is wrong, and where its keys stand.
    /// - Throws: ``HostSupport/Failure`` with the source, the line and the key of everything that is wrong.
    public static func decode<Value: Codable>(
        _ type: Value.Type,
        from text: String,
        source: String,
        checking problems: (Value) -> [YAMLProblem]
    ) throws -> (value: Value, places: YAMLPlaces) {
        let (value, places) = try decode(type, from: text, source: source)
        let findings = problems(value).map { places.finding($0.path, $0.text) }
        guard findings.isEmpty else { throw Failure(.configuration, findings.joined(separator: "\n")) }
        return (value, places)
    }

    private static func unknownKeys(_ given: Node, _ taken: Node?, path: [String]) -> [[String]] {
        switch given {
        case .mapping(let mapping):
            mapping.flatMap { key, value in
                let place = path + [key.string ?? "?"]
                guard let counterpart = taken?.mapping?[key] else { return [place] }
                return unknownKeys(value, counterpart, path: place)
            }
        case .sequence(let sequence):
            zip(sequence, sequence.indices).flatMap { element, index in
                unknownKeys(element, taken?.sequence.flatMap { $0[index] }, path: path + ["[\(index)]"])
            }
        case .scalar, .alias:
            []
        }
    }
}

extension DecodingError {
    /// The keys that lead to the error, with `[INDEX]` for a place in a list.
    fileprivate var path: [String] {
        let context: Context? =
            switch self {
            case .keyNotFound(_, let context), .typeMismatch(_, let context): context
            case .valueNotFound(_, let context), .dataCorrupted(let context): context
            @unknown default: nil
            }
        return (context?.codingPath ?? []).map { key in
            key.intValue.map { "[\($0)]" } ?? key.stringValue
        }
    }
}

extension YamlError {
    /// The line and the problem, without the excerpt that Yams draws.
    fileprivate var sentence: String {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let keys, let context):
            "line \(context.mark.line): these keys are given twice: \(keys.joined(separator: ", "))"
        default:
            "\(self)"
        }
    }
}
