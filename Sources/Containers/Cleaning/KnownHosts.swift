import Foundation
public import HostSupport

/// A user's file of the keys of hosts that he has met (`known_hosts`, see sshd(8)).
///
/// `ssh-keygen -F` finds the lines of a host, hashed ones too. It could remove them, but would take with a line all other
/// hosts that the line is for, and everything that a pattern stands for; here a line loses the one name.
public struct KnownHosts: Sendable {
    /// A line that loses a name.
    public struct Removal: Sendable, Hashable, Encodable {
        /// The line's number in the file as it was, counted from 1.
        public let line: Int
        /// The name.
        public let host: String
        /// Whether the line was for this host alone, and is gone.
        public let isWhole: Bool
    }

    /// The file, symbolic links followed.
    public let file: HostPath

    /// Takes a file; it need not be there.
    public init(_ file: HostPath) {
        self.file = FileSystem.resolved(file) ?? file
    }

    /// Removes hosts from the file.
    ///
    /// Lines that are for others too keep these. Patterns and lines with a marker (`@revoked`) are left as they are.
    /// The file is replaced at once, and not at all where nothing changes; no copy of the former one is left.
    ///
    /// - Parameters:
    ///   - hosts: Names as they stand in the file, such as `172.17.0.2` and `[127.0.0.1]:2200`.
    ///   - isPlan: Whether to leave the file as it is, and only say what would be removed.
    /// - Returns: What was removed, in the order of the lines.
    /// - Throws: ``HostSupport/Failure`` where the file cannot be read or written.
    public func forget(_ hosts: [String], isPlan: Bool = false) async throws -> [Removal] {
        guard let kind = FileKind(file) else { return [] }
        var places: [String: Set<Int>] = [:]
        for host in hosts { places[host] = try await lines(of: host) }
        let (text, removals) = Self.removing(places, from: try FileSystem.read(file))
        guard !removals.isEmpty, !isPlan else { return removals }
        try FileSystem.write(text, to: file, mode: kind.mode)
        try FileSystem.setMode(file, kind.mode)
        return removals
    }

    /// The numbers of the lines that are for a host.
    private func lines(of host: String) async throws -> Set<Int> {
        let output = try await Tool("ssh-keygen", package: "openssh-client").output([
            "-F", host, "-f", file.string,
        ])
        // It exits with 1 where there is no such line.
        guard [.exited(0), .exited(1)].contains(output.status) else {
            throw Failure(
                .inputOutput,
                "ssh-keygen cannot read \(file): \(ContainerRuntime.words(of: output))"
            )
        }
        return Set(
            output.standardOutput.split(whereSeparator: \.isNewline).compactMap { line in
                line.wholeMatch(of: /# Host .* found: line ([0-9]+)\s*/).flatMap { Int($0.1) }
            }
        )
    }

    /// Removes names from lines of a text, whose other bytes stay what they are.
    static func removing(_ places: [String: Set<Int>], from text: Data) -> (text: Data, removals: [Removal]) {
        var removals: [Removal] = []
        var kept: [Data] = []
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let hosts = places.filter { $0.value.contains(index + 1) }.keys.sorted()
            let (rest, removed) = removing(hosts, fromLine: Data(line))
            removals += removed.map { Removal(line: index + 1, host: $0, isWhole: rest == nil) }
            if let rest { kept.append(rest) }
        }
        return (Data(kept.joined(separator: [UInt8(ascii: "\n")])), removals)
    }

    /// - Returns: The line without the hosts, nothing where it is for no other; and the hosts that were in it.
    private static func removing(_ hosts: [String], fromLine line: Data) -> (rest: Data?, removed: [String]) {
        let blanks: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        guard !hosts.isEmpty, let start = line.firstIndex(where: { !blanks.contains($0) }),
            line[start] != UInt8(ascii: "@")
        else { return (line, []) }
        let end = line[start...].firstIndex(where: blanks.contains) ?? line.endIndex
        // A hashed line is for one host.
        if line[start] == UInt8(ascii: "|") { return (nil, hosts) }
        let names = line[start..<end].split(separator: UInt8(ascii: ","))
            .map { String(decoding: $0, as: UTF8.self) }
        let removed = hosts.filter { host in names.contains { $0.lowercased() == host.lowercased() } }
        guard !removed.isEmpty else { return (line, []) }
        let others = names.filter { name in !removed.contains { $0.lowercased() == name.lowercased() } }
        guard !others.isEmpty else { return (nil, removed) }
        return (line[..<start] + Data(others.joined(separator: ",").utf8) + line[end...], removed)
    }
}
