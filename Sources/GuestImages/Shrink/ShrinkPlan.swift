import DiskFiles
import HostSupport

/// What is done to one file system to shrink it.
struct ShrinkPlan {
    /// What is done with a file.
    struct Step {
        let path: [UInt8]
        let inode: ExtInode
        let action: ShrinkRule.Action
        let reason: ShrinkRule.Reason
    }

    private(set) var steps: [Step] = []
    /// Files that ought to go and have names that debugfs cannot be told.
    private(set) var unnameable: [[UInt8]] = []
    private let mountPoint: [UInt8]

    /// Looks through a file system.
    init(_ fileSystem: ExtFileSystem) throws {
        let last = fileSystem.superblock.lastMounted
        mountPoint = ShrinkRule.mountPoints.contains(last) ? Array(last.utf8) : []
        var directories: [Step] = []
        var stuck: Set<[UInt8]> = []
        var walk = try ExtWalk(fileSystem)
        while let entry = try walk.next() {
            try Task.checkCancellation()
            let path = mountPoint + entry.path
            guard let rule = ShrinkRule.first(for: path) else {
                Self.keepAbove(entry.path, &stuck)
                continue
            }
            let step = Step(path: entry.path, inode: entry.inode, action: rule.action, reason: rule.reason)
            let goes =
                switch rule.action {
                case .keep: false
                case .remove: true
                // By another name it may be something else than a log.
                case .empty:
                    entry.inode.kind == .file && entry.inode.byteCount > 0 && entry.inode.links == 1
                case .zero: try Self.isSwap(entry.inode, in: fileSystem)
                }
            if rule.action == .remove, Self.cannotBeNamed(entry.path) {
                unnameable.append(entry.path)
                Self.keepAbove(entry.path, &stuck)
            } else if goes, rule.action == .remove, entry.inode.kind == .directory {
                directories.append(step)
            } else if goes {
                steps.append(step)
            }
            if rule.action != .remove || !goes { Self.keepAbove(entry.path, &stuck) }
        }
        // A folder comes before what is in it, and must go after it.
        steps += directories.reversed().filter { !stuck.contains($0.path) }
    }

    /// The commands of debugfs that do it, but for swap files.
    var commands: [UInt8] {
        var lines: [UInt8] = []
        for step in steps {
            switch step.action {
            case .remove:
                lines += Array(step.inode.kind == .directory ? "rmdir ".utf8 : "rm ".utf8)
                lines += Self.quoted(step.path)
            case .empty:
                let inode = "<\(step.inode.number)>"
                lines += Array("punch \(inode) 0\nset_inode_field \(inode) size 0".utf8)
            case .keep, .zero: continue
            }
            lines.append(UInt8(ascii: "\n"))
        }
        return lines
    }

    /// The path as the guest has it.
    func guestPath(_ step: Step) -> [UInt8] { mountPoint + step.path }

    private static func keepAbove(_ path: [UInt8], _ stuck: inout Set<[UInt8]>) {
        var rest = path[...]
        while let slash = rest.lastIndex(of: UInt8(ascii: "/")), slash > 0 {
            rest = rest[..<slash]
            if !stuck.insert(Array(rest)).inserted { return }
        }
    }

    /// debugfs reads a command a line, and lines of up to 8 KiB.
    private static func cannotBeNamed(_ path: [UInt8]) -> Bool {
        path.contains(UInt8(ascii: "\n")) || quoted(path).count > 4000
    }

    private static func quoted(_ path: [UInt8]) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        return [quote] + path.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
    }

    private static func isSwap(_ inode: ExtInode, in fileSystem: ExtFileSystem) throws -> Bool {
        guard inode.kind == .file, inode.byteCount > SwapArea.headerBytes else { return false }
        let head = try fileSystem.head(of: inode, count: Int(SwapArea.headerBytes))
        return try SwapArea.hasSignature(MemoryDisk(head))
    }
}
