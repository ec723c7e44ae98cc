/// How the C compiler of the recording host laid out structures.
///
/// The log holds C structures as they lay in the emulator's memory, so logs of builds for unlike hosts are
/// not interchangeable. Nothing in the file says which host it was. All known hosts are little endian.
public enum HostABI: Hashable, Sendable, CaseIterable {
    /// 64-bit hosts: x86-64 and AArch64 Linux.
    case lp64
    /// 32-bit x86 Linux, where eight-byte integers are aligned to four bytes.
    case i386

    /// The size of a pointer in bytes.
    public var pointerBytes: Int {
        switch self {
        case .lp64: 8
        case .i386: 4
        }
    }

    /// The alignment of an eight-byte integer inside a structure, in bytes.
    var wideAlignment: Int {
        switch self {
        case .lp64: 8
        case .i386: 4
        }
    }
}
