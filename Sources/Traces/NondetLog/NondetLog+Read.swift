extension NondetLog {
    /// Reads the entries up to the log's end, or up to what is wrong with it.
    ///
    /// - Parameters:
    ///   - limits: What is believed of the log.
    ///   - body: What is done with each entry.
    public func readSound(limits: NondetLogLimits = NondetLogLimits(), _ body: (NondetEntry) -> Void) {
        var reader = makeReader(limits: limits)
        while let entry = try? reader.next() { body(entry) }
    }
}
