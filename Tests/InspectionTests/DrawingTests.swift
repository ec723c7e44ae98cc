import Testing

@testable import Inspection

@Suite("Drawings")
struct DrawingTests {
    @Test("a panel has marks at round numbers, to one scale above and below the line")
    func marks() {
        let panel = SliceChart.Panel(
            up: [SliceChart.Series(name: "in", values: [26, 0, 1])],
            down: [SliceChart.Series(name: "out", values: [0, 13, 0])],
            height: 117
        )
        let text = PanelDrawing(panel: panel, slices: 3, y: 0).markup.map(\.text).joined()
        let marks = text.matches(of: /y="([0-9.]+)" dy="0.35em" text-anchor="end">([^<]*)</).map {
            "\($0.2) at \($0.1)"
        }
        #expect(marks == ["0 at 78", "10 at 48", "20 at 18", "10 at 108"])
    }
}
