extension Duration {
    /// The duration in seconds.
    public var seconds: Double {
        let (whole, atto) = components
        return Double(whole) + Double(atto) * 1e-18
    }

    /// The duration for people: `0.53 s`, `12.4 s`, `3 min 05 s`, `2 h 10 min`.
    public var text: String {
        let value = seconds
        if value < 10 { return "\((value * 100).rounded() / 100) s" }
        if value < 100 { return "\((value * 10).rounded() / 10) s" }
        let whole = Int(value.rounded())
        if whole < 3600 { return "\(whole / 60) min \((whole % 60).digits(2)) s" }
        return "\(whole / 3600) h \((whole % 3600 / 60).digits(2)) min"
    }

    /// Reads a duration such as `90`, `90s`, `5m` or `2h`; a number without a unit counts seconds.
    ///
    /// Nothing is returned where the text is no duration, or a negative one.
    public init?(text: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        var digits = Substring(text)
        var factor = 1.0
        if let last = digits.last, let unit = units[last] {
            factor = unit
            digits = digits.dropLast()
        }
        guard let number = decimal(digits), number * factor < 1e9 else { return nil }
        self = .milliseconds(Int64((number * factor * 1000).rounded()))
    }
}

/// Reads digits with at most one decimal point; `Double` would take `0x1p3` and `1e3`, too.
func decimal(_ text: Substring) -> Double? {
    let isPlain = text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
    }
    return isPlain && text.first != "." ? Double(text) : nil
}
