import Foundation
import HostSupport

/// Renders the templates of a bundle with Jinja2 itself, all of them in one short process.
///
/// `bootstrap/render-templates` is that process: it has Jinja2's sandbox, takes undefined variables for errors, and
/// is set as the original's j2cli was, so that the same templates give the same bytes.
struct TemplateRenderer: Sendable {
    private let installation: Installation

    init(installation: Installation) {
        self.installation = installation
    }

    /// Renders templates.
    ///
    /// - Parameters:
    ///   - templates: Their paths below the folder.
    ///   - folder: The bundle; templates may include others that lie in it.
    ///   - home: The folder that links in the bundle may lead into.
    ///   - variables: What the templates see.
    /// - Returns: The rendered texts by the templates' paths.
    /// - Throws: `Failure` with `configuration`, naming file, line and variable of everything that is wrong.
    func render(
        _ templates: [String],
        in folder: HostPath,
        home: HostPath,
        variables: [String: TemplateValue]
    ) async throws -> [String: String] {
        guard !templates.isEmpty else { return [:] }
        let request = Request(folder: folder, home: home, variables: variables, templates: templates)
        let input = String(decoding: try JSONText.encode(request), as: UTF8.self)
        let script = installation.bootstrap / "render-templates"
        let result = try await BundleRenderer.interpreter.output(
            ["-I", script.string],
            input: input
        )
        guard result.status == .exited(0) else {
            throw Failure(
                .configuration,
                "rendering the templates in \(folder) \(result.status)",
                hint: result.standardError.split(separator: "\n").last.map(String.init)
                    ?? "they may take 10 seconds and a gibibyte of memory"
            )
        }
        let answer = try JSONText.decode(
            Answer.self,
            from: Data(result.standardOutput.utf8),
            source: script.string
        )
        if let missing = answer.missing {
            throw Failure(
                .unavailable,
                "\(BundleRenderer.interpreter.name) has no Jinja2, by which templates are rendered: \(missing)",
                hint: "install the Debian package python3-jinja2 (make setup does)"
            )
        }
        if let errors = answer.errors {
            throw Failure(
                .configuration,
                errors.map { "\(folder / $0.template):\($0.line): \($0.message)" }.joined(separator: "\n"),
                hint: "'pandacap config show' lists the variables; set one with --set KEY=VALUE"
            )
        }
        return answer.rendered ?? [:]
    }

    private struct Request: Encodable {
        let folder: HostPath
        let home: HostPath
        let variables: [String: TemplateValue]
        let templates: [String]
    }

    private struct Answer: Decodable {
        struct Problem: Decodable {
            let template: String
            let line: Int
            let message: String
        }

        let rendered: [String: String]?
        let errors: [Problem]?
        let missing: String?
    }
}

/// What a variable of a template holds.
enum TemplateValue: Sendable, Encodable {
    case text(String)
    case list([String])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .list(let list): try container.encode(list)
        }
    }
}
