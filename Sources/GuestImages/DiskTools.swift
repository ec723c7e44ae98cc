import Foundation
import Glibc
import HostSupport

/// The programs of the host that disks are made with.
enum DiskTools {
    static let mmdebstrap = Tool("mmdebstrap", package: "mmdebstrap")
    static let mke2fs = Tool("mke2fs", package: "e2fsprogs")
    static let e2fsck = Tool("e2fsck", package: "e2fsprogs")
    static let debugfs = Tool("debugfs", package: "e2fsprogs")
    static let fallocate = Tool("fallocate", package: "util-linux")
    static let fakeroot = Tool("fakeroot", package: "fakeroot")
    static let qemuImg = Tool("qemu-img", package: "qemu-utils")
    static let tar = Tool("tar", package: "tar")
    static let depmod = Tool("depmod", package: "kmod")

    static var isRoot: Bool { geteuid() == 0 }

    /// Sees that everything is there before anything is fetched.
    static func check() throws {
        for tool in [mmdebstrap, mke2fs, qemuImg, tar, depmod] { _ = try tool.located() }
        guard !isRoot else { return }
        _ = try fakeroot.located()
        _ = try Tool("newuidmap", package: "uidmap").located()
    }
}
