/// A guest's processor architecture, by the name that PANDA gives it.
public enum GuestArchitecture: String, Sendable, Codable, CaseIterable, Comparable {
    /// 64-bit x86.
    case x8664 = "x86_64"
    /// 32-bit x86.
    case i386
    /// 32-bit ARM.
    case arm
    /// 64-bit ARM.
    case aarch64
    /// 32-bit big-endian MIPS.
    case mips
    /// 32-bit little-endian MIPS.
    case mipsel
    /// 64-bit big-endian MIPS.
    case mips64
    /// 32-bit PowerPC.
    case ppc

    /// Debian's name of the architecture, where Debian has it.
    public var debianName: String? {
        switch self {
        case .x8664: "amd64"
        case .i386: "i386"
        case .arm: "armhf"
        case .aarch64: "arm64"
        case .mipsel: "mipsel"
        case .mips, .mips64, .ppc: nil
        }
    }

    /// Whether recctrl can be reached from such a guest: it aborts on a hypercall of any other.
    public var hasRecctrl: Bool {
        switch self {
        case .x8664, .i386, .arm: true
        case .aarch64, .mips, .mipsel, .mips64, .ppc: false
        }
    }

    /// Orders architectures as they are declared.
    public static func < (left: GuestArchitecture, right: GuestArchitecture) -> Bool {
        let order = allCases
        return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
}
