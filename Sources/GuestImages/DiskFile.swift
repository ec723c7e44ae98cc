import HostSupport

/// A guest's disk: one ext4 without partitions in a qcow2 that PANDA's QEMU can read.
struct DiskFile {
    let folder: HostPath
    let size: ByteSize
    let time: Int

    /// The same in all images, so that the same files give the same bytes.
    private static let identifier = "70616e64-6163-4170-8000-726f6f740001"

    /// What PANDA's QEMU, kernels since 4.0 and e2fsprogs since 1.43 can read and write.
    private static let features = """
        none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,flex_bg,sparse_super,large_file,\
        huge_file,dir_nlink,extra_isize
        """

    /// Unpacks an archive of files, and makes a disk with them.
    ///
    /// Owners are kept by `fakeroot` where this user is not root.
    ///
    /// - Returns: The versions of the installed packages, by their names.
    func make(from archive: HostPath, into target: HostPath) async throws -> [String: String] {
        let tree = folder / "tree"
        try FileSystem.createDirectory(tree)
        try FileSystem.setMode(tree, 0o755)
        let owners = folder / "owners"
        try FileSystem.write("", to: owners)
        _ = try await run(
            DiskTools.tar,
            ["-x", "-p", "--numeric-owner", "-f", archive.string, "-C", tree.string],
            owners
        )
        try FileSystem.remove(archive)
        // Devices cannot be made everywhere, and the kernel makes them in the guest.
        try FileSystem.createDirectory(tree / "dev")
        let raw = folder / "disk.raw"
        _ = try await run(
            DiskTools.mke2fs,
            [
                "-q", "-F", "-t", "ext4", "-b", "4096", "-I", "256", "-m", "1", "-L", "root",
                "-U", Self.identifier, "-O", Self.features,
                "-E", "hash_seed=\(Self.identifier),root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0",
                "-d", tree.string, raw.string, "\(size.bytes / 1024)k",
            ],
            owners,
            environment: ["E2FSPROGS_FAKE_TIME": "\(time)"]
        )
        let installed = try Self.installed(tree / "var/lib/dpkg/status")
        try FileSystem.remove(tree)
        try InodeTimes(time: UInt32(clamping: time)).fix(raw)
        try await DiskTools.qemuImg.run([
            "convert", "-q", "-f", "raw", "-O", "qcow2", "-o", "compat=0.10", raw.string, target.string,
        ])
        try FileSystem.remove(raw)
        return installed
    }

    private func run(
        _ tool: Tool,
        _ arguments: [String],
        _ owners: HostPath,
        environment: [String: String] = [:]
    ) async throws -> String {
        guard !DiskTools.isRoot else { return try await tool.run(arguments, environment: environment) }
        return try await DiskTools.fakeroot.run(
            ["-i", owners.string, "-s", owners.string, "--", try tool.located().string] + arguments,
            environment: environment
        )
    }

    private static func installed(_ status: HostPath) throws -> [String: String] {
        var versions: [String: String] = [:]
        let text = try FileSystem.readText(status)
        for paragraph in text.split(separator: "\n\n") {
            var fields: [Substring: Substring] = [:]
            for line in paragraph.split(separator: "\n") where !line.hasPrefix(" ") {
                guard let colon = line.firstIndex(of: ":") else { continue }
                fields[line[..<colon]] = line[line.index(after: colon)...].drop { $0 == " " }
            }
            guard let name = fields["Package"], let version = fields["Version"],
                fields["Status"] == "install ok installed"
            else { continue }
            versions[String(name)] = String(version)
        }
        return versions
    }
}
