import Foundation
import HostSupport

/// Who tried to log in as whom, as far as ssh servers write it to the guest's console.
///
/// The names are the visitors' own, and the console is the guest's: what is taken of them is bounded and printable.
struct ConsoleLogins {
    /// Where somebody came from.
    struct Source: Hashable {
        let address: String
        let port: UInt16
    }

    private static let mostNames = 10_000
    private static let mostNamesOfOne = 32
    private static let longestName = 64
    private static let longestLine = 4096

    private(set) var users: [Source: [String]] = [:]
    private var names = 0

    /// Reads what a guest printed.
    ///
    /// - Parameter path: The console's file; one that is not there tells of nobody.
    init(of path: HostPath) {
        guard FileSystem.isRegularFile(path), let data = try? FileSystem.read(path, limit: 256 << 20) else {
            return
        }
        for line in data.split(separator: UInt8(ascii: "\n")) where line.count <= Self.longestLine {
            // What has a time has a digit and a colon; most of what a guest prints has no 'user' and no 'for '.
            let text = String(decoding: line, as: UTF8.self)
            if let login = Self.login(in: text) { note(login.user, login.source) }
        }
    }

    /// What a line tells, if it is an ssh server's.
    static func login(in line: String) -> (user: String, source: Source)? {
        guard line.contains("from ") || line.contains(" user ") else { return nil }
        return dropbear(line) ?? openSSH(line)
    }

    /// `Bad password attempt for 'root' from 10.0.2.2:40000`, `Exit before auth from <10.0.2.2:40000>: (user 'root', ...`.
    private static func dropbear(_ line: String) -> (user: String, source: Source)? {
        if let match = line.firstMatch(of: /Exit before auth from <(\S+)>: \(user '(.*)', [0-9]+ fails\)/) {
            return source(match.1).map { (String(match.2), $0) }
        }
        // A name is the visitor's: it may have what stands behind it, too, so the last one counts.
        guard
            let match = line.wholeMatch(
                of: /.* for '(.*)' (?:with .* )?from (\S+?)(?:, extra auth required)?\r?/
            )
        else { return nil }
        return source(match.2).map { (String(match.1), $0) }
    }

    /// `Failed password for invalid user bob from 10.0.2.2 port 40000 ssh2`.
    private static func openSSH(_ line: String) -> (user: String, source: Source)? {
        guard line.contains("sshd") else { return nil }
        let patterns = [
            /.*?: (?:Failed|Accepted|Postponed) \S+ for (?:invalid user )?(.*) from (\S+) port ([0-9]+)(?: ssh2.*)?\r?/,
            /.*?: Invalid user (.*) from (\S+) port ([0-9]+)\r?/,
            /.*?: (?:Connection (?:closed|reset) by|Disconnected from) (?:invalid|authenticating) user (.*) (\S+) port ([0-9]+) \[preauth\]\r?/,
        ]
        for pattern in patterns {
            if let match = line.wholeMatch(of: pattern), let port = UInt16(match.3) {
                return (String(match.1), Source(address: String(match.2), port: port))
            }
        }
        return nil
    }

    /// Reads `ADDRESS:PORT`.
    private static func source(_ text: Substring) -> Source? {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        return Source(address: String(text[..<colon]), port: port)
    }

    private mutating func note(_ user: String, _ source: Source) {
        let name = Console.printable(String(user.prefix(Self.longestName)))
        guard names < Self.mostNames, !(users[source] ?? []).contains(name),
            users[source, default: []].count < Self.mostNamesOfOne
        else { return }
        users[source, default: []].append(name)
        names += 1
    }
}
