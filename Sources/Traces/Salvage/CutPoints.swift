/// Follows the entries of a log, and knows the last places at which it can be cut.
struct CutPoints {
    /// The first of the entries that were made at one instruction count.
    private struct Group {
        var offset: Int
        var index: Int
        var count: UInt64
    }

    /// A place to cut at, and what is known of the entries before it.
    struct Cut {
        var offset: Int
        var entries: Int
        var instructionCount: UInt64
    }

    /// The last groups, of which the oldest is overwritten by the next.
    private var groups: [Group] = []
    private let capacity: Int
    private var groupsSeen = 0
    private var end = NondetFrame.headerBytes
    private var entries = 0
    private var isWithinRead = false
    /// The count of the end of the log, where there is one.
    private(set) var endCount: UInt64?

    /// - Parameter stepsBack: How many groups are to be known besides the last two.
    init(stepsBack: Int) {
        capacity = stepsBack + 3
        groups.reserveCapacity(capacity)
    }

    mutating func add(_ frame: NondetFrame) {
        guard frame.kind != .endOfLog else {
            endCount = frame.instructionCount
            return
        }
        if groupsSeen == 0 || group(0).count != frame.instructionCount {
            let group = Group(offset: frame.offset, index: frame.index, count: frame.instructionCount)
            if groups.count < capacity {
                groups.append(group)
            } else {
                groups[groupsSeen % capacity] = group
            }
            groupsSeen += 1
        }
        end = frame.end
        entries = frame.index + 1
        isWithinRead = frame.isWithinRead
    }

    /// The place to cut at.
    ///
    /// - Parameter stepsBack: How many groups to give up besides one that cannot be kept.
    /// - Returns: Nothing where no entry would be left.
    func cut(stepsBack: Int) -> Cut? {
        let dropped = stepsBack + (endCount == nil && isWithinRead ? 1 : 0)
        guard dropped < groupsSeen else { return nil }
        let last = group(dropped)
        guard dropped > 0 else {
            return Cut(offset: end, entries: entries, instructionCount: endCount ?? last.count)
        }
        let first = group(dropped - 1)
        return Cut(offset: first.offset, entries: first.index, instructionCount: last.count)
    }

    /// The last group but so many; it must be one that is known still.
    private func group(_ number: Int) -> Group {
        groups[(groupsSeen - 1 - number) % capacity]
    }
}

extension NondetFrame {
    /// Whether the engine needs another entry to execute the instruction that made this one.
    fileprivate var isWithinRead: Bool {
        let callsite = Callsite(rawValue: callsite)
        switch kind {
        case .skippedCall: return callsite == .ioRead || callsite.isMemoryRead
        case .input4: return callsite.isMemoryRead
        default: return false
        }
    }
}

extension Callsite {
    /// Whether it is one of `RR_CALLSITE_READ_8` to `RR_CALLSITE_READ_1` (`address_space_read_continue` in PANDA's
    /// `exec.c`), which record a result and then a value.
    fileprivate var isMemoryRead: Bool { (9...12).contains(rawValue) }
}
