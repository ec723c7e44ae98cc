import HostSupport

/// How many items are made at once on a host.
enum ItemConcurrency {
    /// What an engine needs beside its machine's memory: its own, translated code, and buffers.
    static let overhead = ByteSize.mebibytes(192)

    /// As many as there are processors, and as memory that is free holds machines; one at least.
    ///
    /// - Parameters:
    ///   - processors: The host's processors.
    ///   - free: Its memory that can be had; nothing where that is not known.
    ///   - machine: The memory of the largest machine.
    /// - Returns: How many.
    static func automatic(processors: Int, free: ByteSize?, machine: ByteSize) -> Int {
        let each = machine.bytes.addingReportingOverflow(overhead.bytes)
        let fitting = free.map { Int(clamping: each.overflow ? 0 : $0.bytes / max(each.partialValue, 1)) }
        return max(1, min(processors, fitting ?? processors))
    }

    /// The memory that can be had without swapping, as the kernel says; nothing where it says nothing.
    ///
    /// - Parameter text: The contents of `/proc/meminfo`.
    /// - Returns: The size.
    static func availableMemory(_ text: String) -> ByteSize? {
        text.firstMatch(of: /(?m)^MemAvailable: +([0-9]+) kB$/).flatMap { UInt64($0.1) }
            .flatMap { kilobytes in
                let (bytes, overflow) = kilobytes.multipliedReportingOverflow(by: 1024)
                return overflow ? nil : ByteSize(bytes: bytes)
            }
    }
}
