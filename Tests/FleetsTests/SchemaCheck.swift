import Foundation
import HostSupport

/// Holds YAML files against a published JSON schema, with the validator of python3-jsonschema.
struct SchemaCheck {
    let schema: HostPath
    /// Where it may write.
    let folder: HostPath

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
    func accepted(good: [String], bad: [String]) async throws -> [String] {
        try FileSystem.write(try JSONEncoder().encode([good, bad]), to: folder / "files.json")
        let output = try await Tool("python3").run([
            "-c", Self.script, schema.string, (folder / "files.json").string,
        ])
        return try JSONDecoder().decode([String].self, from: Data(output.utf8))
    }
}
