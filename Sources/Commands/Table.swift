/// Rows of cells, set in columns.
struct Table {
    private let rows: [[String]]

    init(header: [String], rows: [[String]]) {
        self.rows = [header] + rows
    }

    /// The table as lines, two spaces between columns, nothing behind the last.
    var text: String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }
            return cells.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
