/// What is taken out of a disk when it is shrunk.
///
/// A pattern is a path in the guest: `*` stands for any part of a name, `**` for any part of a path, `#` for a digit. The
/// first rule that fits decides. A folder that is to be removed goes only if all that was in it goes.
struct ShrinkRule {
    /// What is done with a file.
    enum Action: String, Encodable {
        /// Its name goes, and with the last one its contents.
        case remove
        /// It stays, empty: who writes to it expects it, with its owner and mode.
        case empty
        /// It stays as it is.
        case keep
        /// It keeps its size and its first page, and is zeroes else, if it is a swap file.
        case zero
    }

    /// Why something goes, for the report.
    enum Reason: String, Encodable, CaseIterable {
        /// What programs wrote down.
        case logs
        /// What can be fetched or made again.
        case caches
        /// What people typed.
        case histories
        /// What nobody wants any more.
        case temporary
        /// Memory that was put out.
        case swap
    }

    let pattern: String
    let action: Action
    let reason: Reason

    init(_ pattern: String, _ action: Action, _ reason: Reason) {
        self.pattern = pattern
        self.action = action
        self.reason = reason
    }

    /// The table.
    static let all: [ShrinkRule] = [
        ShrinkRule("/var/log/journal/*/*", .remove, .logs),
        ShrinkRule("/var/log/journal/**", .keep, .logs),
        ShrinkRule("/var/log/**.gz", .remove, .logs),
        ShrinkRule("/var/log/**.xz", .remove, .logs),
        ShrinkRule("/var/log/**.old", .remove, .logs),
        ShrinkRule("/var/log/**.#", .remove, .logs),
        ShrinkRule("/var/log/installer/**", .remove, .logs),
        ShrinkRule("/var/log/**", .empty, .logs),

        ShrinkRule("/var/cache/apt/archives/lock", .keep, .caches),
        ShrinkRule("/var/cache/apt/archives/partial", .keep, .caches),
        ShrinkRule("/var/cache/apt/archives/**", .remove, .caches),
        ShrinkRule("/var/cache/apt/*.bin", .remove, .caches),
        ShrinkRule("/var/lib/apt/lists/lock", .keep, .caches),
        ShrinkRule("/var/lib/apt/lists/partial", .keep, .caches),
        ShrinkRule("/var/lib/apt/lists/**", .remove, .caches),
        ShrinkRule("/var/cache/debconf/*-old", .remove, .caches),
        ShrinkRule("/var/cache/dnf/**", .remove, .caches),
        ShrinkRule("/var/cache/yum/**", .remove, .caches),
        ShrinkRule("/root/.cache/**", .remove, .caches),
        ShrinkRule("/home/*/.cache/**", .remove, .caches),

        ShrinkRule("/root/.*_history", .remove, .histories),
        ShrinkRule("/home/*/.*_history", .remove, .histories),
        ShrinkRule("/root/.lesshst", .remove, .histories),
        ShrinkRule("/home/*/.lesshst", .remove, .histories),
        ShrinkRule("/root/.viminfo", .remove, .histories),
        ShrinkRule("/home/*/.viminfo", .remove, .histories),
        ShrinkRule("/root/.wget-hsts", .remove, .histories),
        ShrinkRule("/home/*/.wget-hsts", .remove, .histories),

        ShrinkRule("/tmp/**", .remove, .temporary),
        ShrinkRule("/var/tmp/**", .remove, .temporary),
        ShrinkRule("/var/crash/**", .remove, .temporary),
        ShrinkRule("/var/lib/systemd/coredump/**", .remove, .temporary),

        ShrinkRule("/swapfile", .zero, .swap),
        ShrinkRule("/swap.img", .zero, .swap),
        ShrinkRule("/swap/*", .zero, .swap),
        ShrinkRule("/var/swap*", .zero, .swap),
    ]

    /// Where a guest mounts file systems of their own whose paths are in the table.
    static let mountPoints = [
        "/var/log", "/var/cache", "/var/lib", "/var/tmp", "/var", "/home", "/root", "/tmp",
    ]

    /// The rule for a path, if there is one.
    static func first(for path: [UInt8]) -> ShrinkRule? {
        all.first { $0.fits(path) }
    }

    func fits(_ path: [UInt8]) -> Bool {
        let pattern = Array(pattern.utf8)
        let plain = pattern.prefix { $0 != Self.star && $0 != Self.digit }
        return path.starts(with: plain) && Self.fits(path[plain.count...], pattern[plain.count...])
    }

    private static let star = UInt8(ascii: "*")
    private static let digit = UInt8(ascii: "#")

    private static func fits(_ path: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == star {
            let isDeep = pattern.dropFirst().first == star
            let rest = pattern.dropFirst(isDeep ? 2 : 1)
            let end = isDeep ? path.endIndex : path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
            // '**' stands for something, '*' may stand for nothing.
            let start = path.startIndex + (isDeep ? 1 : 0)
            return start <= end && (start...end).contains { fits(path[$0...], rest) }
        }
        guard let byte = path.first else { return false }
        let isFit = first == digit ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) : byte == first
        return isFit && fits(path.dropFirst(), pattern.dropFirst())
    }
}
