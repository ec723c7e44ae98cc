/// Pieces of a larger whole, laid one behind the other, and where each comes from.
struct SpliceMap {
    private var starts: [Int] = []
    private var origins: [Int] = []
    /// The size of all pieces in bytes.
    private(set) var count = 0

    /// Lays the next piece down.
    mutating func append(origin: Int, count bytes: Int) {
        starts.append(count)
        origins.append(origin)
        count += bytes
    }

    /// Where a byte comes from, and how many follow it there as they do here.
    func origin(of offset: Int) -> (origin: Int, room: Int) {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        let end = low + 1 < starts.count ? starts[low + 1] : count
        return (origins[low] + offset - starts[low], end - offset)
    }
}
