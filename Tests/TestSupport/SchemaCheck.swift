import Foundation
public import HostSupport

/// Holds YAML files against a published JSON schema, with the validator of python3-jsonschema.
public struct SchemaCheck {
    private let schema: HostPath
    private let folder: HostPath

    /// Names the schema, and a folder that it may write into.
    public init(schema: HostPath, folder: HostPath) {
        self.schema = schema
        self.folder = folder
    }

    private static let script = """
        import json, sys, yaml, jsonschema
        schema = json.load(open(sys.argv[1]))
        validator = jsonschema.Draft202012Validator(schema)
        validator.check_schema(schema)
        good, bad = json.load(open(sys.argv[2]))
        for text in good: validator.validate(yaml.safe_load(text))
        print(json.dumps([text for text in bad if validator.is_valid(yaml.safe_load(text))]))
        """

    /// Those of the bad files that the schema takes; it must take all the good ones.
    ///
    /// - Parameters:
    ///   - good: Texts that it must take.
    ///   - bad: Texts that it should not take.
    /// - Returns: Those of the bad ones that it takes.
    /// - Throws: `Failure` where it does not take a good one.
    public func accepted(good: [String], bad: [String]) async throws -> [String] {
        try FileSystem.write(try JSONEncoder().encode([good, bad]), to: folder / "files.json")
        let output = try await Tool("python3").run([
            "-c", Self.script, schema.string, (folder / "files.json").string,
        ])
        return try JSONDecoder().decode([String].self, from: Data(output.utf8))
    }
}
