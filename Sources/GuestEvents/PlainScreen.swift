/// What a terminal shows, as lines of plain text.
///
/// Returns, backspaces, tabulators, and deleting to the line's end do what they do on a terminal; all other escape
/// sequences are left out, and no control character is left.
public struct PlainScreen: Sendable, Hashable {
    /// The lines.
    public private(set) var lines: [String] = []

    private let columns: Int?
    private var line: [Unicode.Scalar] = []
    private var column = 0
    /// Where the terminal's own line begins: a line that is longer than the terminal is wide goes on in its next.
    private var base = 0

    /// A line that is longer is broken.
    private static let longest = 4096

    /// Writes bytes on an empty screen.
    ///
    /// - Parameters:
    ///   - bytes: What is written.
    ///   - columns: How wide the terminal is; nothing where nobody knows.
    public init(_ bytes: [UInt8], columns: Int? = nil) {
        self.columns = columns
        var scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\n": endLine()
            case "\r": column = base
            case "\u{8}": column = max(base, column - 1)
            case "\t": for _ in 0..<(8 - column % 8) { put(" ") }
            case "\u{1B}": take(&scalars)
            case "\u{9B}": takeControl(&scalars)
            default:
                if scalar.value >= 0x20, !(0x7f..<0xa0).contains(scalar.value) { put(scalar) }
            }
        }
        if !line.isEmpty { endLine() }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if column >= Self.longest { endLine() }
        if let columns, column - base >= columns { base = column }
        if column < line.count { line[column] = scalar } else { line.append(scalar) }
        column += 1
    }

    private mutating func endLine() {
        while line.last == " " { line.removeLast() }
        lines.append(String(String.UnicodeScalarView(line)))
        line = []
        column = 0
        base = 0
    }

    /// An escape sequence (ECMA-48): a control sequence, a string up to its end, or two or three characters.
    private mutating func take(_ scalars: inout Substring.UnicodeScalarView) {
        guard let kind = scalars.popFirst() else { return }
        switch kind {
        case "[": takeControl(&scalars)
        case "]", "P", "X", "^", "_":
            while let scalar = scalars.popFirst() {
                if scalar == "\u{7}" || scalar == "\u{9C}" { return }
                if scalar == "\u{1B}" {
                    if scalars.first == "\\" { scalars.removeFirst() }
                    return
                }
            }
        case " ", "#", "%", "(", ")", "*", "+", "-", ".", "/": _ = scalars.popFirst()
        default: break
        }
    }

    private mutating func takeControl(_ scalars: inout Substring.UnicodeScalarView) {
        var parameters = ""
        while let scalar = scalars.first, (0x20...0x3f).contains(scalar.value) {
            if parameters.utf8.count < 32 { parameters.unicodeScalars.append(scalar) }
            scalars.removeFirst()
        }
        guard let command = scalars.popFirst() else { return }
        let count = max(1, min(Int(parameters) ?? 1, Self.longest))
        switch command {
        case "K" where parameters.isEmpty || parameters == "0":
            line.removeSubrange(min(column, line.count)...)
        case "P": line.removeSubrange(min(column, line.count)..<min(column + count, line.count))
        case "C": column += min(count, max(0, line.count - column))
        case "D": column = max(base, column - count)
        case "A", "B":
            // Up and down within what is one line here; others cannot be changed any more.
            let rows = command == "A" ? -count : count
            guard let columns, base + rows * columns >= 0, base + rows * columns <= line.count else { break }
            base += rows * columns
            column += rows * columns
        default: break
        }
        // What is right of the line's end has to be there before it can be written over.
        column = min(column, line.count)
    }
}
