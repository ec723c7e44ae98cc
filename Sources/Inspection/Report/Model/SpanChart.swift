/// Bars over the guest's instructions, each from the first to the last of something.
struct SpanChart: Hashable, Sendable {
    /// One bar.
    struct Span: Hashable, Sendable {
        var name: String
        var instructions: ClosedRange<UInt64>
        var mark = SliceChart.Mark.first
    }

    var axis: InstructionAxis
    var spans: [Span]
}
