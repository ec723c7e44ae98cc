extension ReportTable {
    /// A column of a table whose rows are slices.
    struct SliceColumn {
        let name: String
        /// The cell for some slices.
        let cell: (Range<Int>) -> Cell

        /// A column of sums.
        static func sum(_ name: String, _ values: [UInt64]) -> SliceColumn {
            SliceColumn(name: name) { .number(saturatingSum(values[$0])) }
        }
    }

    /// A table of slices, so many of them in a row that there are some hundred rows; those of nothing are left out.
    static func slices(_ axis: InstructionAxis, _ columns: [SliceColumn]) -> ReportTable {
        let groups = axis.groups
        let rows = groups.compactMap { group -> Row? in
            let cells = columns.map { $0.cell(group) }
            guard cells.contains(where: { $0 != .number(0) && $0 != .unknown }) else { return nil }
            let time = axis.seconds.map { [Cell.seconds($0[group.lowerBound])] } ?? []
            return Row(
                cells: [.number(axis.starts[group.lowerBound]), .number(axis.starts[group.upperBound])] + time
                    + cells,
                slices: group
            )
        }
        let omitted = groups.count - rows.count
        let all = 0..<axis.count
        return ReportTable(
            columns: ["from instruction", "up to"] + (axis.seconds == nil ? [] : ["from second"])
                + columns.map(\.name),
            rows: rows,
            total: [.text("all"), .number(axis.instructions)]
                + (axis.seconds == nil ? [] : [.text("")]) + columns.map { $0.cell(all) },
            note: omitted == 0
                ? nil
                : omitted == 1 ? "1 row of nothing is left out." : "\(omitted) rows of nothing are left out."
        )
    }
}
