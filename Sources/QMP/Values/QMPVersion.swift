/// The version of the emulator.
///
/// PANDA reports the version of the QEMU it is built on, 2.9.1; whether it is PANDA shows in
/// ``QMPClient/queryCommands(timeout:)``.
public struct QMPVersion: Hashable, Sendable {
    /// The major version of QEMU.
    public var major: Int

    /// The minor version of QEMU.
    public var minor: Int

    /// The patch level of QEMU.
    public var micro: Int

    /// What the packager appended, often empty.
    public var package: String

    /// Creates a version.
    public init(major: Int, minor: Int, micro: Int, package: String = "") {
        self.major = major
        self.minor = minor
        self.micro = micro
        self.package = package
    }
}

extension QMPVersion: Decodable {
    private enum CodingKeys: String, CodingKey {
        case qemu
        case package
    }

    private struct Triple: Decodable {
        let major: Int
        let minor: Int
        let micro: Int
    }

    /// Decodes `{"qemu": {"major": …, "minor": …, "micro": …}, "package": …}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let triple = try container.decode(Triple.self, forKey: .qemu)
        self.init(
            major: triple.major,
            minor: triple.minor,
            micro: triple.micro,
            package: try container.decode(String.self, forKey: .package)
        )
    }
}

extension QMPVersion: CustomStringConvertible {
    /// The version as QEMU prints it, for example `7.2.22 (Debian 1:7.2+dfsg-7)`.
    public var description: String {
        let suffix = package.isEmpty ? "" : " (\(package))"
        return "\(major).\(minor).\(micro)\(suffix)"
    }
}
