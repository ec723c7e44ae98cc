/// A page with pictures of what is in the recordings of a trace, as plain values.
public struct ReportPage: Sendable {
    let title: String
    let generator: String
    let sections: [ReportSection]

    /// Makes a page.
    ///
    /// - Parameters:
    ///   - title: What the trace is called.
    ///   - generator: The program that makes the page, with its version.
    ///   - sections: One for each recording.
    public init(title: String, generator: String, sections: [ReportSection]) {
        self.title = title
        self.generator = generator
        self.sections = sections
    }
}

/// What a page says of one recording.
public struct ReportSection: Sendable {
    /// Something that is known of a recording.
    struct Fact: Hashable, Sendable {
        let name: String
        let value: String
    }

    let name: String
    let summary: String
    let facts: [Fact]
    let problems: [String]
    let figures: [ReportFigure]
}
