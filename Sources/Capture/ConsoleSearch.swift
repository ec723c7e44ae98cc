import HostSupport

/// Looks for words in what a guest prints, as it comes.
struct ConsoleSearch {
    private var tail: FileTail
    private var pending: [UInt8] = []

    init(console: HostPath) {
        tail = FileTail(console)
    }

    /// Goes on to behind the next place of a text.
    ///
    /// - Parameter text: The text.
    /// - Returns: Whether it was printed by now.
    mutating func reaches(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        while true {
            let bytes = tail.next(limit: 64 << 10)
            pending += bytes
            if let found = pending.firstRange(of: wanted) {
                pending.removeSubrange(..<found.upperBound)
                return true
            }
            // What may be the beginning of it stays.
            pending = pending.suffix(max(wanted.count - 1, 0))
            if bytes.isEmpty { return false }
        }
    }
}
