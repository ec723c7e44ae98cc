/// A page with pictures of what is in the recordings of a trace, as plain values.
public struct ReportPage: Sendable {
    /// What a page is about.
    public enum Subject: Sendable {
        /// A trace: a section for each recording.
        case trace
        /// A dataset: a section of its sums, and one for each recording that is looked into.
        case dataset

        var word: String {
            switch self {
            case .trace: "Trace"
            case .dataset: "Dataset"
            }
        }

        /// What it was made from, as the end of a sentence.
        var origin: String {
            switch self {
            case .trace: "from the files of the trace alone; nothing was replayed"
            case .dataset: "from the files of the dataset alone; nothing was replayed"
            }
        }
    }

    let subject: Subject
    let title: String
    let generator: String
    let sections: [ReportSection]

    /// Makes a page.
    ///
    /// - Parameters:
    ///   - subject: What it is about.
    ///   - title: What the trace, or the dataset, is called.
    ///   - generator: The program that makes the page, with its version.
    ///   - sections: One for each recording.
    public init(subject: Subject = .trace, title: String, generator: String, sections: [ReportSection]) {
        self.subject = subject
        self.title = title
        self.generator = generator
        self.sections = sections
    }

    /// What it was made from, as the end of a sentence.
    var origin: String {
        sections.contains { $0.hasPrograms }
            ? "from the files of the trace and from what a replay under the plugin guest_events told"
            : subject.origin
    }
}

/// What a page says of one recording, or of a dataset as a whole.
public struct ReportSection: Sendable {
    /// Something that is known of a recording.
    struct Fact: Hashable, Sendable {
        let name: String
        let value: String
    }

    /// What its heading begins with, before the name; nothing where the name says all.
    var kind: String? = "Recording"
    let name: String
    let summary: String
    let facts: [Fact]
    let problems: [String]
    let figures: [ReportFigure]
    /// Whether it has what programs did, which a replay told.
    var hasPrograms = false
}
