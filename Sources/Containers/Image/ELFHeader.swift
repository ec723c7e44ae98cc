import Foundation
import HostSupport

/// What the first bytes of a program or shared object say.
struct ELFHeader: Sendable, Hashable {
    /// Debian's name of the architecture that it runs on; nothing where it is another than images are built for.
    let architecture: String?

    private static let machines: [UInt8: String] = [3: "i386", 62: "amd64", 183: "arm64"]

    /// Reads a file; nothing where it is neither a program nor a shared object.
    init?(_ file: HostPath) {
        guard let handle = FileHandle(forReadingAtPath: file.string) else { return nil }
        defer { try? handle.close() }
        guard let bytes = try? handle.read(upToCount: 20), bytes.count == 20,
            bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46])
        else { return nil }
        // The machine's number has two bytes; those that are known have a small one, in little-endian files.
        let number = Array(bytes)
        architecture = number[5] == 1 && number[19] == 0 ? Self.machines[number[18]] : nil
    }
}
