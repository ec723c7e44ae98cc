extension Array where Element: Hashable {
    /// The elements in their order, each once.
    ///
    /// - Returns: The elements without later repetitions.
    public func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
