/// Bars one below the other, each from 0 on.
struct BarChart: Hashable, Sendable {
    /// One bar.
    struct Bar: Hashable, Sendable {
        var name: String
        var value: Double
        /// The value as it is written.
        var text: String
    }

    /// Bars to one scale, which the largest of them fills.
    struct Group: Hashable, Sendable {
        /// What stands above them.
        var title: String?
        var bars: [Bar]
    }

    var groups: [Group]
}
