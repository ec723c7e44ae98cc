public import Foundation

/// What a page says of a dataset, as plain values.
public struct DatasetOverview: Sendable {
    /// A trace.
    public struct Trace: Sendable {
        let name: String
        let image: String
        let started: Date?
        let seconds: Double?
        let instructions: UInt64?
        let packed: UInt64
        let restored: UInt64
        let isVerified: Bool

        /// Describes a trace: its name, its guest image, when it began and how long it took in seconds, how many
        /// instructions it has, how large it is packed and restored in bytes, and whether it was proven to replay.
        public init(
            name: String,
            image: String,
            started: Date?,
            seconds: Double?,
            instructions: UInt64?,
            packed: UInt64,
            restored: UInt64,
            isVerified: Bool
        ) {
            self.name = name
            self.image = image
            self.started = started
            self.seconds = seconds
            self.instructions = instructions
            self.packed = packed
            self.restored = restored
            self.isVerified = isVerified
        }
    }

    /// Files of a kind, such as snapshots.
    public struct Part: Sendable {
        let name: String
        let files: Int
        let packed: UInt64
        let restored: UInt64

        /// Describes files of a kind: what they are, how many, and their sizes in bytes.
        public init(name: String, files: Int, packed: UInt64, restored: UInt64) {
            self.name = name
            self.files = files
            self.packed = packed
            self.restored = restored
        }
    }

    /// Somebody who was connected to guests.
    public struct Visitor: Sendable {
        let address: String
        let connections: Int
        let traces: Int
        let received: UInt64
        let sent: UInt64
        let first: Date
        let last: Date

        /// Describes a visitor: the address, how many connections there were in how many traces, the bytes that guests
        /// got and sent, and when the first and the last frame came.
        public init(
            address: String,
            connections: Int,
            traces: Int,
            received: UInt64,
            sent: UInt64,
            first: Date,
            last: Date
        ) {
            self.address = address
            self.connections = connections
            self.traces = traces
            self.received = received
            self.sent = sent
            self.first = first
            self.last = last
        }
    }

    /// What it is, in a sentence.
    public var summary: String
    /// What is known of it, by name.
    public var facts: [(name: String, value: String)]
    /// What keeps it from being published, or from being believed.
    public var problems: [String]
    /// Its traces.
    public var traces: [Trace]
    /// What its files are.
    public var parts: [Part]
    /// Who was connected to the guests.
    public var visitors: [Visitor]

    /// Describes a dataset.
    public init(
        summary: String,
        facts: [(name: String, value: String)],
        problems: [String] = [],
        traces: [Trace],
        parts: [Part],
        visitors: [Visitor]
    ) {
        self.summary = summary
        self.facts = facts
        self.problems = problems
        self.traces = traces
        self.parts = parts
        self.visitors = visitors
    }
}

extension ReportSection {
    /// Describes a dataset as a whole.
    ///
    /// - Parameter overview: What is known of it.
    public init(dataset overview: DatasetOverview) {
        self.init(
            kind: nil,
            name: "All traces",
            summary: overview.summary,
            facts: overview.facts.map { Fact(name: $0.name, value: $0.value) },
            problems: overview.problems,
            figures: [
                .files(overview.parts), .sizes(overview.traces), .lengths(overview.traces),
                .days(overview.traces), .visitors(overview.visitors), .traces(overview.traces),
            ]
        )
    }

    /// The section with a trace's name before that of its recording.
    ///
    /// - Parameter trace: The trace's name.
    /// - Returns: The section.
    public func named(_ trace: String) -> ReportSection {
        ReportSection(
            kind: "Trace",
            name: trace,
            summary: summary,
            facts: facts,
            problems: problems,
            figures: figures
        )
    }
}
