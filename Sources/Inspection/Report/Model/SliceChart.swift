/// A picture over the guest's instructions: panels one below the other, each with a scale of its own.
struct SliceChart: Hashable, Sendable {
    /// How something is marked; the style sheet has the colours.
    enum Mark: String, Hashable, Sendable {
        /// What comes in, or what there is one of only.
        case first
        /// What goes out.
        case second
        /// What is behind another.
        case faint
    }

    /// A number for each slice.
    struct Series: Hashable, Sendable {
        let name: String
        let values: [Double]
        let mark: Mark

        /// Makes a series; what is no number that can be drawn becomes 0, and what is too large the largest that can.
        init(name: String, values: [Double], mark: Mark = .first) {
            self.name = name
            self.values = values.map { $0 > 0 ? min($0, 1e299) : 0 }
            self.mark = mark
        }

        /// The largest number.
        var most: Double { values.max() ?? 0 }
    }

    /// A strip with a base line.
    struct Panel: Hashable, Sendable {
        /// What stands above it.
        var title: String?
        /// What is drawn upwards from the base line, the first behind the others.
        var up: [Series]
        /// What is drawn downwards, to the same scale.
        var down: [Series] = []
        var unit = ReportUnit.count
        /// The top of the scale; the largest number where it is nothing.
        var top: Double?
        /// Its height in pixels.
        var height = 120.0
        /// Whether the scale has one mark, at its top, and not several at round numbers.
        var marksTop = false
    }

    var axis: InstructionAxis
    var panels: [Panel]
}
