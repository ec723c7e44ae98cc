/// What looking at a file of a recording, or at some side of it, has found.
public struct TraceCheck: Sendable {
    /// One thing that was looked at.
    public struct Item: Hashable, Sendable {
        /// What came of looking.
        public enum Outcome: Hashable, Sendable {
            /// All is as it should be; what was seen, in a few words.
            case passed(String)
            /// Something is wrong; the findings say what.
            case failed
            /// It could not be looked at, and why.
            case skipped(String)
        }

        /// What was looked at.
        public let name: String
        /// What came of it.
        public let outcome: Outcome

        /// Describes something that was looked at.
        public init(_ name: String, _ outcome: Outcome) {
            self.name = name
            self.outcome = outcome
        }
    }

    /// What was looked at, in order.
    public private(set) var items: [Item] = []
    /// What is not as it should be, in the order in which it was found.
    public private(set) var findings: [TraceFinding] = []

    /// Makes an empty check.
    public init() {}

    /// Whether nothing is wrong; warnings are not.
    public var isSound: Bool { !findings.contains { $0.severity == .error } }

    /// Notes that something was looked at.
    ///
    /// - Parameters:
    ///   - name: What was looked at.
    ///   - seen: What was seen, where nothing is wrong.
    ///   - found: What was found.
    public mutating func add(_ name: String, _ seen: @autoclosure () -> String, _ found: [TraceFinding]) {
        let isWrong = found.contains { $0.severity == .error }
        items.append(Item(name, isWrong ? .failed : .passed(seen())))
        findings += found
    }

    /// Notes that something could not be looked at.
    public mutating func skip(_ name: String, because reason: String) {
        items.append(Item(name, .skipped(reason)))
    }

    /// Adds what another check has found.
    public mutating func add(_ other: TraceCheck) {
        items += other.items
        findings += other.findings
    }
}
