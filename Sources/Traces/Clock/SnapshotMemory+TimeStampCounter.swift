extension SnapshotMemory {
    /// The rate of the time stamp counter in ticks a second, as a Linux guest's kernel measured it.
    ///
    /// The message is in the kernel's log, which lies in the guest's memory: `tsc: Refined TSC clocksource calibration:
    /// 2596.108 MHz`, or an earlier and coarser one, `tsc: Detected 2594.526 MHz processor` (`arch/x86/kernel/tsc.c` in
    /// Linux). The guest can have written anything there; a rate that most copies agree in and that a processor can have
    /// is believed.
    ///
    /// - Returns: Nothing where there is no such message.
    public func timeStampCounterRate() -> Double? {
        for message in ["tsc: Refined TSC clocksource calibration: ", "tsc: Detected "] {
            var votes: [Double: Int] = [:]
            for address in addresses(of: Array(message.utf8), limit: 64) {
                let start = address + UInt64(message.utf8.count)
                guard let text = bytes(16, at: start), let rate = Self.rate(text) else { continue }
                votes[rate, default: 0] += 1
            }
            if let best = votes.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) { return best.key }
        }
        return nil
    }

    /// Reads `2596.108 MHz`.
    private static func rate(_ text: [UInt8]) -> Double? {
        let words = String(decoding: text.prefix { (0x20..<0x7f).contains($0) }, as: UTF8.self).split(
            separator: " "
        )
        guard words.count >= 2, words[1].hasPrefix("MHz"), let megahertz = Double(words[0]),
            (100...10_000).contains(megahertz)
        else { return nil }
        return (megahertz * 1000).rounded() * 1000
    }
}
