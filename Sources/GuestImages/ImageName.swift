import HostSupport
import RunRecords

/// What an image, and so its folder, may be called.
enum ImageName {
    /// The longest name, which leaves room in the paths of sockets.
    static let longest = 48

    /// Whether a name is letters, digits, `.`, `_` and `-`, with a letter or digit first.
    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= longest else { return false }
        return isAlphanumeric(first)
            && name.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
    }

    static func check(_ name: String) throws {
        guard isValid(name) else {
            throw Failure(
                .usage,
                "'\(name)' cannot name an image",
                hint: "use up to \(longest) letters, digits, '.', '_' and '-', with a letter or digit first"
            )
        }
    }

    /// The name of a recipe's image: the recipe's own for x86_64, with the architecture appended for others.
    static func byDefault(_ recipe: String, _ architecture: GuestArchitecture) -> String {
        architecture == .x8664 ? recipe : "\(recipe)-\(architecture.rawValue)"
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
