extension BinaryInteger {
    /// The number in digits, with zeros before it where it has fewer than so many.
    ///
    /// - Parameters:
    ///   - count: How many digits there are at least.
    ///   - radix: What the digits count.
    /// - Returns: The digits, behind a sign where the number is negative.
    public func digits(_ count: Int, radix: Int = 10) -> String {
        let digits = String(magnitude, radix: radix)
        return (self < 0 ? "-" : "") + String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
