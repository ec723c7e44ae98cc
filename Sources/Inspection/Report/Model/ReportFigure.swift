/// A picture with its caption and the table behind it.
struct ReportFigure: Hashable, Sendable {
    /// What is shown.
    enum Content: Hashable, Sendable {
        case slices(SliceChart)
        case bars(BarChart)
        case spans(SpanChart)
        /// Lines of text, of a terminal.
        case text([String])
        /// Nothing but the table, which is open then.
        case tableOnly
        /// Why there is nothing to show.
        case sentence(String)
    }

    /// A mark, and what it stands for.
    struct Key: Hashable, Sendable {
        var mark: SliceChart.Mark
        var text: String
    }

    var title: String
    /// How to read it.
    var caption: String
    /// What there is to be seen, for who cannot see it.
    var description = ""
    var keys: [Key] = []
    var content: Content
    var table: ReportTable?
}
