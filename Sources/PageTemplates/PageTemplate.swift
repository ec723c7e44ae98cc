import HostSupport
import Mustache

/// A template of a page in Mustache's language: `{{name}}` is escaped, `{{{name}}}` is markup already.
public struct PageTemplate: Sendable {
    /// Escapes by scalars; the template engine's own way leaves a quotation mark with an accent on it.
    private struct EscapedText: MustacheContentType {
        func escapeText(_ text: String) -> String { HTMLText.escaped(text) }
    }

    private static let contentType: String = {
        MustacheContentTypes.register(EscapedText(), named: "PANDACAP")
        return "{{% CONTENT_TYPE: PANDACAP}}"
    }()

    private let template: MustacheTemplate

    /// Reads a template.
    ///
    /// - Parameters:
    ///   - text: The template, as UTF-8.
    ///   - name: What it is called, for messages.
    /// - Throws: ``HostSupport/Failure`` with `internal` where it is wrong.
    public init(_ text: [UInt8], named name: String) throws {
        do {
            template = try MustacheTemplate(string: Self.contentType + String(decoding: text, as: UTF8.self))
        } catch {
            throw Failure(.internal, "the template \(name) is wrong", cause: error)
        }
    }

    /// The page.
    ///
    /// - Parameter values: What stands for the names: texts, truth values, and dictionaries or lists of such.
    /// - Returns: Markup.
    public func html(_ values: [String: Any]) -> String { template.render(values) }
}
