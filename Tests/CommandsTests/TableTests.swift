import Testing

@testable import Commands

@Suite struct TableTests {
    @Test func columnsAreAsWideAsTheirWidestCell() {
        let table = Table(
            header: ["NAME", "N", "LAST"],
            rows: [["a", "1234", "x y"], ["longer", "", ""], ["é", "1", "z"]]
        )
        #expect(table.text == "NAME    N     LAST\na       1234  x y\nlonger        \né       1     z")
    }

    @Test func rowsMayBeShortAndMissing() {
        #expect(Table(header: ["A", "B"], rows: []).text == "A  B")
        #expect(
            Table(header: ["A", "B"], rows: [["longer"], ["x", "y"]]).text == "A       B\nlonger\nx       y"
        )
        #expect(Table(header: [], rows: []).text == "")
    }
}
