import Foundation

/// How much a host holds at once.
public enum HostCapacity {
    /// What an engine needs beside its machine's memory: its own, translated code, and buffers.
    public static let engineOverhead = ByteSize.mebibytes(192)

    /// As many pieces of work as there are processors for, and as memory that is free holds; one at least.
    ///
    /// - Parameters:
    ///   - processors: How many would be done at once if memory had no end; the host's processors by default.
    ///   - free: The memory that can be had; nothing where that is not known.
    ///   - sizes: What each piece takes of it, in parts that are added up.
    /// - Returns: How many.
    public static func jobs(
        processors: Int = processors,
        free: ByteSize? = availableMemory,
        each sizes: ByteSize...
    ) -> Int {
        var each: UInt64 = 0
        for size in sizes {
            let (sum, overflow) = each.addingReportingOverflow(size.bytes)
            each = overflow ? .max : sum
        }
        let fitting = free.map { Int(clamping: $0.bytes / max(each, 1)) }
        return max(1, min(processors, fitting ?? processors))
    }

    /// The processors that can be had.
    public static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// The memory that can be had without swapping, as the kernel says now; nothing where it says nothing.
    public static var availableMemory: ByteSize? {
        (try? FileSystem.readText("/proc/meminfo")).flatMap(availableMemory(of:))
    }

    /// Reads what the kernel says.
    ///
    /// - Parameter text: The contents of `/proc/meminfo` (proc(5)).
    /// - Returns: The memory that can be had.
    static func availableMemory(of text: String) -> ByteSize? {
        text.firstMatch(of: /(?m)^MemAvailable: +([0-9]+) kB$/).flatMap { UInt64($0.1) }
            .flatMap { kilobytes in
                let (bytes, overflow) = kilobytes.multipliedReportingOverflow(by: 1024)
                return overflow ? nil : ByteSize(bytes: bytes)
            }
    }
}
