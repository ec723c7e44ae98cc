import Foundation
import HostSupport

/// What has to be known of a Linux kernel to read its processes out of a guest's memory: the values of a group of
/// PANDA's `kernelinfo.conf`, as far as the kernel's file decides them.
///
/// Source of the keys: `panda/plugins/osi_linux/utils/kernelinfo/kernelinfo_read.c` of PANDA.
public struct KernelProfile: Sendable, Hashable, Codable {
    /// A value that is an address, or takes the place of one.
    public struct Address: Sendable, Hashable, Codable {
        /// PANDA's key.
        public let key: String
        /// The symbol, and what was added to its address, if anything.
        public let symbol: String
        /// The address without KASLR.
        public let value: KernelAddress
        /// Whether KASLR's slide has to be added.
        public let moves: Bool
    }

    /// An offset in a structure, a difference of two, or a size, in bytes.
    public struct Offset: Sendable, Hashable, Codable {
        /// PANDA's key.
        public let key: String
        /// The value.
        public let value: Int
        /// Why it is not what the key says, where this kernel has no such member.
        public let note: String?
    }

    /// What the kernel is recognised by in a guest's memory, and what tells where it lies.
    public struct Landmarks: Sendable, Hashable, Codable {
        /// The text that the kernel keeps of its version.
        public let banner: String
        /// The address of that text: the symbol `linux_banner`.
        public let bannerAddress: KernelAddress
        /// The address of the first task: the symbol `init_task`.
        public let firstTask: KernelAddress
        /// The address of the offsets of each processor's variables: the symbol `__per_cpu_offset`.
        public let processorOffsets: KernelAddress
        /// The members of a task that point to the task itself in the first one, as offsets in bytes.
        public let ownPointers: [Int]
        /// The offset of a task's name in bytes.
        public let name: Int
    }

    /// What `uname -r` prints: `6.1.0-56-amd64`.
    public let release: String
    /// What `uname -v` prints: `#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)`.
    public let version: String
    /// What `uname -m` prints: `x86_64`.
    public let machine: String
    /// The three numbers of the upstream version: 6, 1, 192.
    public let upstream: [Int]
    /// The values that are addresses.
    public let addresses: [Address]
    /// The values that are offsets and sizes.
    public let offsets: [Offset]
    /// What the kernel is found by in a guest's memory.
    public let landmarks: Landmarks

    /// The name of the group in `kernelinfo.conf`: `debian:RELEASE:64`.
    public var group: String { "\(Self.variant):\(release):64" }

    /// What PANDA's option `-os` takes, for which it looks up ``group``.
    public var operatingSystem: String { "linux-64-\(Self.variant):\(release)" }

    private static let variant = "debian"
}
