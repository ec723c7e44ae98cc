import Foundation
import HostSupport

/// A small disk of the user's, with a boot sector that does nothing.
func makeDisk(_ path: HostPath, mebibytes: Int = 2) throws {
    var bytes = Data(repeating: 0, count: mebibytes << 20)
    bytes[510] = 0x55
    bytes[511] = 0xaa
    bytes[70_000] = 7
    try FileSystem.write(bytes, to: path)
}
