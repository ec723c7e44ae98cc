extension String {
    /// The first line that is not empty, without its end; nothing where there is none.
    public var firstLine: String? { split(whereSeparator: \.isNewline).first.map(String.init) }
}
