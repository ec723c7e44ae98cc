import Glibc

/// The owner of a log's bytes: a read-only mapping of a file, or a copy in memory.
final class ByteStorage: Sendable {
    private enum Origin {
        case mapped
        case allocated
    }

    // The bytes are never written after `init`, so threads may share the pointer.
    private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    private let origin: Origin

    init(copying source: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 16)
        copy.copyBytes(from: source)
        bytes = UnsafeRawBufferPointer(copy)
        origin = .allocated
    }

    init(mapping file: borrowing RegularFile) throws(TraceFormatError) {
        origin = .mapped
        // mmap refuses a length of 0.
        guard file.byteCount > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let address = mmap(nil, file.byteCount, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
        guard let address, address != MAP_FAILED else {
            throw TraceFormatError(.cannotRead, "failed to map \"\(file.path)\": \(describe(errno))")
        }
        // Advice only: a refusal costs speed, nothing else.
        _ = madvise(address, file.byteCount, MADV_SEQUENTIAL)
        bytes = UnsafeRawBufferPointer(start: address, count: file.byteCount)
    }

    deinit {
        guard let start = bytes.baseAddress else { return }
        switch origin {
        case .mapped: munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
        case .allocated: bytes.deallocate()
        }
    }

    var count: Int { bytes.count }

    /// Lends the bytes, alive until `body` returns.
    @inline(__always)
    func withView<R, E: Error>(_ body: (ByteView) throws(E) -> R) throws(E) -> R {
        // Without this the optimiser may free the bytes after the last use of `self`, while `body` reads them.
        defer { withExtendedLifetime(self) {} }
        return try body(ByteView(bytes))
    }
}
