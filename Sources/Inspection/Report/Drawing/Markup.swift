import PageTemplates

/// A piece of HTML or SVG that is well-formed: what comes from outside gets in escaped only.
struct Markup: Hashable, Sendable {
    /// The piece as it is written.
    let text: String

    /// Takes what somebody else has made sure of.
    init(trusted text: String) {
        self.text = text
    }

    /// Text that may come from anybody.
    init(_ text: String) {
        self.text = HTMLText.escaped(text)
    }

    /// An element.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - attributes: Its attributes; their values may come from anybody.
    ///   - content: What is in it.
    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: [Markup] = []) {
        let list = attributes.map { " \($0.key)=\"\(HTMLText.escaped($0.value))\"" }.joined()
        let inner = content.map(\.text).joined()
        text = inner.isEmpty ? "<\(name)\(list)/>" : "<\(name)\(list)>\(inner)</\(name)>"
    }
}

/// A number for an attribute: at most three digits behind the point, never in scientific notation.
///
/// What is not finite, or too large for a picture, becomes the nearest that is not.
func coordinate(_ value: Double) -> String {
    guard !value.isNaN else { return "0" }
    let thousandths = Int((min(max(value, -1e9), 1e9) * 1000).rounded())
    let (whole, part) = abs(thousandths).quotientAndRemainder(dividingBy: 1000)
    let sign = thousandths < 0 ? "-" : ""
    guard part > 0 else { return "\(sign)\(whole)" }
    var digits = String(String(1000 + part).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(sign)\(whole).\(digits)"
}
