import FuzzDriver
import TraceArchives

@main
enum FuzzArchive {
    static func main() { fuzz { read($0, $1) } }
}

/// Reads an archive to its end.
///
/// Nothing may trap, hang or unpack to more than it is allowed to; archives of this size need not.
private func read(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    _ = try? TraceArchive.examine(bytes: bytes, limits: ArchiveLimits(unpackedBytes: 8 << 20))
    return 0
}
