/// The identifier of an image or container, without the algorithm that Docker puts before an image's.
struct RuntimeID: Sendable, Decodable {
    /// 64 hexadecimal digits.
    let digits: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let match = text.wholeMatch(of: /(?:sha256:)?([0-9a-f]{64})/) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no identifier")
            )
        }
        digits = String(match.1)
    }
}

extension String {
    /// The first digits of an identifier, as people are shown it.
    public var shortID: String { String(prefix(12)) }
}
