/// The numbers behind a picture.
struct ReportTable: Hashable, Sendable {
    /// A cell.
    enum Cell: Hashable, Sendable {
        /// A text, which may come from anybody.
        case text(String)
        /// A number, written with all of its digits so that it can be copied.
        case number(UInt64)
        /// Seconds.
        case seconds(Double)
        /// A part of a whole, from 0 to 1.
        case share(Double)
        /// Nothing is known.
        case unknown

        /// The cell as it is written.
        var text: String {
            switch self {
            case .text(let text): text
            case .number(let number): "\(number)"
            case .seconds(let seconds): fixed(seconds, decimals: 6)
            case .share(let share):
                share > 0 && share < 0.0005 ? "<0.1 %" : fixed(share * 100, decimals: 1) + " %"
            case .unknown: "-"
            }
        }

        /// Whether it is set to the right.
        var isNumber: Bool {
            if case .text = self { false } else { true }
        }
    }

    /// A row.
    struct Row: Hashable, Sendable {
        var cells: [Cell]
        /// The slices of the picture that it is about.
        var slices: Range<Int>?
    }

    /// The names of the columns; the cells of the first column name the rows.
    var columns: [String]
    var rows: [Row]
    /// The sums, where there are any.
    var total: [Cell]?
    /// What is to be known of it besides, such as what was left out.
    var note: String?
}

/// A sum that stays at the largest number instead of overflowing: forged logs have counts of any size.
func saturatingSum(_ values: some Sequence<UInt64>) -> UInt64 {
    values.reduce(0) { sum, value in
        let (result, overflow) = sum.addingReportingOverflow(value)
        return overflow ? .max : result
    }
}
