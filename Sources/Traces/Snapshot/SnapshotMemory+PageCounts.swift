extension SnapshotMemory {
    /// How many pages of main memory the stream has with all of their bytes, and how many as one byte for all of a page.
    public var pageCounts: (stored: Int, filled: Int) {
        storage.withView { view in
            pages.reduce(into: (stored: 0, filled: 0)) { counts, page in
                switch page.contents(view) {
                case .absent: break
                case .filled: counts.filled += 1
                case .stored: counts.stored += 1
                }
            }
        }
    }
}
