import HostSupport

/// The terminal's second screen, drawn anew again and again; what was on the first comes back in the end.
final class LiveScreen {
    private var isOpen = false

    /// Draws a text from the top.
    func draw(_ text: String) throws {
        let open = isOpen ? "" : "\u{1B}[?1049h\u{1B}[?25l"
        isOpen = true
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "\u{1B}[K" }
        try StandardStream.output.write(open + "\u{1B}[H" + lines.joined(separator: "\r\n") + "\u{1B}[J")
    }

    /// Goes back to the first screen.
    func close() {
        guard isOpen else { return }
        isOpen = false
        try? StandardStream.output.write("\u{1B}[?25h\u{1B}[?1049l")
    }
}
