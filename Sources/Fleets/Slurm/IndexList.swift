import HostSupport

/// Numbers of tasks as Slurm writes them: `0-5,7,9-12`, with `%4` behind them where only so many run at once.
public enum IndexList {
    /// The shortest list of numbers.
    public static func text(_ numbers: some Sequence<Int>) -> String {
        var parts: [String] = []
        var range: ClosedRange<Int>?
        func close() {
            guard let range else { return }
            parts.append(
                range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
            )
        }
        for number in Set(numbers).sorted() {
            if let open = range, open.upperBound + 1 == number {
                range = open.lowerBound...number
            } else {
                close()
                range = number...number
            }
        }
        close()
        return parts.joined(separator: ",")
    }

    /// Reads a list, such as `squeue` prints it; steps (`0-8:2`) are read, too.
    ///
    /// - Parameters:
    ///   - text: The list.
    ///   - limit: The largest number that is believed.
    /// - Returns: The numbers; nothing where the text is no list.
    static func numbers(_ text: String, limit: Int = 4_000_001) -> Set<Int>? {
        let list = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard !list.isEmpty, text.utf8.count < 1 << 20 else { return nil }
        var found: Set<Int> = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let match = part.wholeMatch(of: /([0-9]{1,7})(?:-([0-9]{1,7})(?::([0-9]{1,7}))?)?/),
                let first = Int(match.1)
            else { return nil }
            let last = match.2.flatMap { Int($0) } ?? first
            let step = match.3.flatMap { Int($0) } ?? 1
            guard step > 0, first <= last, last <= limit else { return nil }
            found.formUnion(stride(from: first, through: last, by: step))
        }
        return found
    }
}
