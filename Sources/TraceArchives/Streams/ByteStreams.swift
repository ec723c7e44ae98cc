import Glibc
import HostSupport

/// Where bytes come from, block by block.
protocol ByteProducer: AnyObject {
    /// How many bytes of the source have been used.
    var consumed: UInt64 { get }

    /// The next bytes, at least one, which stay until the next call; nothing at the end.
    func next() throws -> UnsafeRawBufferPointer?
}

/// Where bytes go, block by block.
protocol ByteConsumer: AnyObject {
    /// Takes bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws

    /// Takes note that there are no more.
    func finish() throws
}

/// The size of the blocks in which files are read and written.
let blockBytes = 256 << 10

/// Memory of a fixed size, freed when it goes out of scope.
final class Block {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ count: Int = blockBytes) {
        bytes = .allocate(byteCount: count, alignment: 16)
    }

    deinit {
        bytes.deallocate()
    }

    func prefix(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }
}

/// Ends the work where the user asked for it: nothing here waits, so nothing else would notice.
func checkForInterrupt() throws {
    if Task.isCancelled || Interrupts.count > 0 { throw CancellationError() }
}
