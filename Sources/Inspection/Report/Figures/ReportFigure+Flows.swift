import Traces

extension ReportFigure {
    /// The most flows that a page has.
    private static let mostFlows = 200
    /// The most flows that are drawn.
    private static let mostDrawn = 20

    /// Who talked to whom.
    static func flows(_ table: NetworkFlowTable, _ axis: InstructionAxis) -> ReportFigure {
        let title = "Flows"
        guard !table.flows.isEmpty || table.others.frames > 0 else {
            return ReportFigure(title: title, caption: "", content: .sentence("Nobody talked to the guest."))
        }
        let rows = table.flows.prefix(mostFlows).map { flow in
            ReportTable.Row(cells: [
                .text(flow.transport.name), .text(flow.client.text), .text(flow.server.text),
                .text(flow.isFromGuest ? "guest" : "outside"),
                .number(UInt64(clamping: flow.sent.frames)), .number(UInt64(clamping: flow.sent.bytes)),
                .number(UInt64(clamping: flow.received.frames)),
                .number(UInt64(clamping: flow.received.bytes)),
                .number(flow.instructions.lowerBound), .number(flow.instructions.upperBound),
            ])
        }
        var notes: [String] = []
        if table.flows.count > rows.count { notes.append("And \(table.flows.count - rows.count) more.") }
        if table.others.frames > 0 {
            notes.append(
                "\(table.others.frames) frames of \(table.others.bytes) bytes belong to none: their headers cannot be "
                    + "read, or there were more than \(NetworkFlowTable.limit) flows."
            )
        }
        let drawn = largest(of: table.flows)
        return ReportFigure(
            title: title,
            caption:
                "Who talked to whom, from the first frame to the last, in the order of the first. Bytes count headers."
                + (drawn.count < table.flows.count ? " The \(drawn.count) of the most bytes are drawn." : ""),
            description: drawn.map(\.name).joined(separator: "; "),
            keys: [
                Key(mark: .first, text: "begun from outside (in)"),
                Key(mark: .second, text: "begun by the guest (out)"),
            ],
            content: drawn.isEmpty ? .tableOnly : .spans(SpanChart(axis: axis, spans: drawn)),
            table: ReportTable(
                columns: [
                    "protocol", "from", "to", "begun by", "frames there", "bytes there", "frames back",
                    "bytes back", "first at instruction", "last at",
                ],
                rows: rows,
                note: notes.isEmpty ? nil : notes.joined(separator: " ")
            )
        )
    }

    private static func largest(of flows: [NetworkFlow]) -> [SpanChart.Span] {
        func bytes(_ flow: NetworkFlow) -> Int { flow.sent.bytes &+ flow.received.bytes }
        let places = flows.indices.sorted { (bytes(flows[$1]), $0) < (bytes(flows[$0]), $1) }
        return places.prefix(mostDrawn).sorted().map { place in
            let flow = flows[place]
            let size = ReportUnit.bytes.text(Double(bytes(flow)))
            return SpanChart.Span(
                name: "\(flow.transport.name), \(flow.isFromGuest ? "out" : "in"), \(size): "
                    + "\(flow.client.text) to \(flow.server.text)",
                instructions: flow.instructions,
                mark: flow.isFromGuest ? .second : .first
            )
        }
    }
}
