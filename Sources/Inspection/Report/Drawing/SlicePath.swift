/// The outline of a series, in a box that is as wide as there are slices and ``boxHeight`` high.
struct SlicePath {
    /// How high the box is; widths are stretched, so heights need whole numbers only.
    static let boxHeight = 1000

    /// The part of the box's height that the scale takes, from the base line to its top.
    let reach: Int
    /// Where the base line is, from the top of the box.
    let base: Int
    /// Whether it goes up from there, or down.
    let goesUp: Bool
    /// The number at the end of the scale.
    let top: Double
    /// The least height of what is more than nothing, so that it can be seen.
    let least: Int

    /// The data of an SVG path; empty where all numbers are 0.
    func data(_ values: [Double]) -> String {
        let ends = values.map(end)
        guard ends.contains(where: { $0 != base }) else { return "" }
        var path = "M0 \(base)"
        var last = base
        for (slice, end) in ends.enumerated() where end != last {
            path += "H\(slice)V\(end)"
            last = end
        }
        return path + "H\(values.count)V\(base)Z"
    }

    private func end(_ value: Double) -> Int {
        guard value > 0, top > 0 else { return base }
        let length = max(Int((min(value / top, 1) * Double(reach)).rounded()), min(least, reach))
        return goesUp ? base - length : base + length
    }
}
