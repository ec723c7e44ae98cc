import Foundation

/// What a builder has said so far: Docker's old one, BuildKit or Podman.
struct BuildOutput: Sendable {
    /// The step that it is at, such as `3/12`; nothing before the first.
    private(set) var step: String?
    /// The instruction that it is at.
    private(set) var instruction = ""
    private var used: [String: Bool] = [:]
    private var numbered: [Substring: String] = [:]
    private var rest = Data()

    /// Reads on.
    ///
    /// - Returns: The lines that are complete now.
    mutating func read(_ data: Data) -> [String] {
        rest.append(data)
        var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        rest = lines.popLast().map { Data($0) } ?? Data()
        let texts = lines.map { String(decoding: $0, as: UTF8.self) }
        for line in texts { read(line[...]) }
        return texts
    }

    private mutating func read(_ line: Substring) {
        if let match = line.firstMatch(of: /^(?:Step|STEP) (\d+\/\d+) ?: (.*)/) {
            begin(String(match.1), String(match.2))
        } else if let match = line.firstMatch(of: /^(#\d+) \[(?:\S+ +)?(\d+\/\d+)\] (.*)/) {
            numbered[match.1] = String(match.3)
            begin(String(match.2), String(match.3))
        } else if let match = line.firstMatch(of: /^(#\d+) CACHED/) {
            if let instruction = numbered[match.1] { used[Self.key(instruction)] = true }
        } else if line.firstMatch(of: /^ ?--+> Using cache/) != nil {
            used[Self.key(instruction)] = true
        }
    }

    private mutating func begin(_ step: String, _ instruction: String) {
        self.step = step
        self.instruction = instruction
        used[Self.key(instruction)] = used[Self.key(instruction)] ?? false
    }

    /// Whether all of a layer's instructions had been run before; nothing where the builder did not tell.
    func isCached(_ layer: Dockerfile.Layer) -> Bool? {
        let known = layer.instructions.compactMap { used[Self.key($0)] }
        return known.isEmpty ? nil : known.allSatisfy { $0 }
    }

    /// By what an instruction is known again: builders print it with its lines joined, and some of them shortened.
    private static func key(_ instruction: String) -> String {
        String(
            instruction.split(whereSeparator: { $0.isWhitespace || $0 == "\\" }).joined(separator: " ")
                .prefix(40)
        )
    }

    /// A line for people: without colours, and not longer than a command of theirs would be.
    static func shown(_ line: String) -> String {
        // Control characters are question marks by now.
        let plain = line.replacing(/\?\[[0-9;]*m/, with: "")
        return plain.count > 240 ? plain.prefix(120) + " ... " + plain.suffix(110) : plain
    }

    /// The script of a bootstrap bundle that failed, and its status, in what a builder said.
    static func failedScript(_ text: String) -> (name: String, status: String)? {
        text.matches(of: /bootstrap\.sh: (.+): status (\d+)/)
            .last { $0.2 != "0" }
            .map { (String($0.1), String($0.2)) }
    }
}
