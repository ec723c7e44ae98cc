import HostSupport

/// A manifest of a bag: the digest of each file, one a line (RFC 8493, 2.1.3).
struct BagManifest: Hashable, Sendable {
    /// The digests by the files' paths below the bag's folder.
    var digests: [String: String]

    /// The lines, sorted by path.
    var text: String {
        digests.sorted { $0.key < $1.key }.map { "\($0.value)  \(Self.encoded($0.key))\n" }.joined()
    }

    init(_ digests: [String: String]) { self.digests = digests }

    /// Reads a manifest of SHA-256 digests, which may be anybody's.
    ///
    /// - Parameters:
    ///   - text: Its text.
    ///   - problems: Gets what is wrong with it.
    init(_ text: String, problems: inout [String]) {
        digests = [:]
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineEnd) {
            number += 1
            if line.isEmpty { continue }
            let digest = line.prefix { $0 != " " && $0 != "\t" }
            let name = line.dropFirst(digest.count).drop { $0 == " " || $0 == "\t" || $0 == "*" }
            guard digest.utf8.count == 64, digest.utf8.allSatisfy(\.isHexadecimal) else {
                problems.append("line \(number) does not begin with a SHA-256 digest")
                continue
            }
            guard let path = Self.decoded(name), Self.isSafe(path) else {
                problems.append("line \(number) names no file within the bag: '\(name)'")
                continue
            }
            guard digests.updateValue(digest.lowercased(), forKey: path) == nil else {
                problems.append("line \(number) names '\(path)' once more")
                continue
            }
        }
    }

    /// Whether a path stays within the bag whatever reads it.
    static func isSafe(_ path: String) -> Bool {
        let components = path.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
        return !components.isEmpty && path.utf8.count < 4096 && path.isASCII
            && !path.unicodeScalars.contains("\0")
            && !path.unicodeScalars.contains("\\") && !path.hasPrefix("~")
            && components.allSatisfy { part in
                !part.isEmpty && String(part) != "." && String(part) != ".." && part.count < 256
            }
    }

    /// Line ends and percent signs are written in percent.
    private static func encoded(_ path: String) -> String {
        path.unicodeScalars.map { scalar in
            switch scalar {
            case "%": "%25"
            case "\n": "%0A"
            case "\r": "%0D"
            default: String(scalar)
            }
        }.joined()
    }

    private static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            switch String(decoding: rest.prefix(2), as: UTF8.self).uppercased() {
            case "25": bytes.append(UInt8(ascii: "%"))
            case "0A": bytes.append(UInt8(ascii: "\n"))
            case "0D": bytes.append(UInt8(ascii: "\r"))
            default: return nil
            }
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension Character {
    /// Whether it ends a line of a bag's files: CR, LF or both.
    var isLineEnd: Bool { self == "\n" || self == "\r" || self == "\r\n" }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}

extension String {
    /// Whether a name or path is ASCII, as all of ours are: two spellings of another letter are one string, and two files.
    var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
