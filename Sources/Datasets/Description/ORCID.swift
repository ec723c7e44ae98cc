/// Identifiers of researchers: sixteen digits in fours, the last of them a check (ISO 7064, MOD 11-2).
enum ORCID {
    /// Whether a text is an ORCID whose check is right.
    static func isValid(_ text: String) -> Bool {
        guard text.wholeMatch(of: /\d{4}-\d{4}-\d{4}-\d{3}[\dX]/) != nil, text.utf8.count == 19 else {
            return false
        }
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        let sum = digits.dropLast().reduce(0) { ($0 + Int($1 - UInt8(ascii: "0"))) * 2 }
        let check = (12 - sum % 11) % 11
        return digits.last == (check == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(check))
    }
}
