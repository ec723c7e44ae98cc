import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

/// Needs neither an engine nor a guest: disks are made and changed by the tools of the host.
@Suite("Disks of images and runs")
struct DiskTests {
    /// A disk with a file system of some files and, where asked, much noise.
    private func makeDisk(in folder: HostPath, noise: Int = 0) async throws -> HostPath {
        let tree = folder / "tree"
        for (path, text) in [("etc/passwd", "root\n"), ("etc/motd", "hello\n"), ("var/log/syslog", "log\n")] {
            try FileSystem.createDirectory((tree / path).parent)
            try FileSystem.write(text, to: tree / path)
        }
        if noise > 0 {
            var random = SeededGenerator(seed: 5)
            let words = (0..<noise / 8).map { _ in random.next() }
            try FileSystem.write(words.withUnsafeBytes { Data($0) }, to: tree / "noise")
        }
        let disk = folder / "disk.raw"
        let kibibytes = (noise >> 10) + (16 << 10)
        try await Tool("mke2fs", package: "e2fsprogs").run([
            "-q", "-t", "ext4", "-b", "1024", "-d", tree.string, disk.string, "\(kibibytes)",
        ])
        return disk
    }

    /// A run without a recording, whose disk lies over a base disk in the collection, and was changed.
    private func makeRun(_ disk: HostPath, in collection: HostPath, commands: String) async throws
        -> RunFolder
    {
        let folder = RunFolder(collection: collection, id: try RunID(named: "one"))
        try FileSystem.createDirectory(folder.path)
        try FileSystem.createDirectory(collection / "disks/it-1")
        var record = try plannedRecord("one", architecture: .x8664)
        try record.become(.failed, because: "nothing was recorded")
        try record.write(to: folder)
        let images = Tool("qemu-img", package: "qemu-utils")
        let base = collection / "disks/it-1/base.qcow2"
        let compatible = ["-O", "qcow2", "-o", "compat=0.10"]
        try await images.run(["convert", "-f", "raw"] + compatible + [disk.string, base.string])
        try await Tool("debugfs").run(["-w", "-f", "-", disk.string], input: commands)
        try await images.run(["convert", "-f", "raw"] + compatible + [disk.string, folder.disk.string])
        try await images.run([
            "rebase", "-f", "qcow2", "-F", "qcow2", "-b", "../../disks/it-1/base.qcow2", folder.disk.string,
        ])
        return folder
    }

    @Test("'image diff' lists what a run changed, of a run without a recording, and leaves nothing behind")
    func diff() async throws {
        try await withScratch { folder in
            let disk = try await makeDisk(in: folder)
            try FileSystem.write("x", to: folder / "new")
            let run = try await makeRun(
                disk,
                in: folder / "traces",
                commands:
                    "cd /etc\nwrite \(folder / "new") evil\nrm motd\nset_inode_field passwd mode 0100666\n"
            )
            let files = FileSystem.list(run.path)
            let pandacap = Pandacap(home: folder / "home")
            let text = try await pandacap("image", "diff", "one", in: folder)
            #expect(text.status == .exited(0), "\(text.standardError)")
            let lines = text.standardOutput.split(separator: "\n").map { line in
                line.split(separator: " ").map(String.init)
            }
            #expect(
                lines.map { [$0[0], $0[$0.count - 2], $0[$0.count - 1]] } == [
                    ["CHANGE", "WHAT", "PATH"], ["added", "-", "/etc/evil"], ["deleted", "-", "/etc/motd"],
                    ["changed", "mode", "/etc/passwd"],
                ]
            )
            let json = try await pandacap("image", "diff", run.path.string, "--json", in: folder)
            let object =
                try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any]
            let changes = try #require(object?["changes"] as? [[String: Any]])
            #expect(
                changes.compactMap { $0["path"] as? String } == ["/etc/evil", "/etc/motd", "/etc/passwd"]
            )
            #expect((changes[2]["after"] as? [String: Any])?["mode"] as? String == "0666")
            #expect((changes[2]["before"] as? [String: Any])?["mode"] as? String == "0644")
            #expect(FileSystem.list(run.path) == files)
        }
    }

    @Test("'image diff' follows a disk's names to no other file of the host")
    func escape() async throws {
        try await withScratch { folder in
            let disk = try await makeDisk(in: folder)
            let run = try await makeRun(disk, in: folder / "traces", commands: "")
            let pandacap = Pandacap(home: folder / "home")
            #expect(
                try await pandacap("image", "diff", "one", in: folder).standardOutput
                    == "nothing was changed\n"
            )
            try await Tool("qemu-img").run([
                "rebase", "-u", "-f", "qcow2", "-F", "raw", "-b", "/etc/passwd", run.disk.string,
            ])
            let refused = try await pandacap("image", "diff", "one", in: folder)
            #expect(refused.status == .exited(77))
            #expect(refused.standardError.contains("/etc/passwd"))
            try FileSystem.remove(run.disk)
            #expect(try await pandacap("image", "diff", "one", in: folder).status == .exited(66))
            #expect(try await pandacap("image", "diff", "two", in: folder).status == .exited(66))
        }
    }

    @Test("Ctrl-C ends 'image diff' and leaves nothing behind")
    func interruption() async throws {
        try await withScratch { folder in
            let disk = try await makeDisk(in: folder, noise: 96 << 20)
            let run = try await makeRun(disk, in: folder / "traces", commands: "")
            let files = FileSystem.list(run.path)
            let (_, status) = try await Pandacap(home: folder / "home").beside(
                ["image", "diff", run.path.string, "--contents"],
                in: folder
            ) { process in
                let isUnderWay = try await poll(for: .seconds(60), every: .milliseconds(2)) {
                    FileSystem.list(run.path) == files ? nil : true
                }
                #expect(isUnderWay == true)
                process.signal(SIGINT)
                _ = try await process.exit(within: .seconds(60))
            }
            #expect(status == .exited(130), "\(words(of: folder))")
            #expect(FileSystem.list(run.path) == files)
        }
    }

    @Test("'image import' and 'image shrink' make images that are listed and shown")
    func importing() async throws {
        try await withScratch { folder in
            let disk = try await makeDisk(in: folder)
            let pandacap = Pandacap(home: folder / "home")
            let imported = try await pandacap(
                "image",
                "import",
                disk.string,
                "--name",
                "it",
                "--memory",
                "64M"
            )
            #expect(imported.status == .exited(0), "\(imported.standardError)")
            #expect(imported.standardOutput.contains("the disk's own"))
            #expect(try await pandacap("image", "import", disk.string, "--name", "it").status == .exited(73))
            let usage = try await pandacap("image", "import", disk.string, "--name", "b", "--append", "quiet")
            #expect(usage.status == .exited(64))
            let missing = try await pandacap("image", "import", "/nowhere", "--name", "b")
            #expect(missing.status == .exited(66))
            let plan = try await pandacap("image", "shrink", "it", "--dry-run")
            #expect(plan.standardOutput.contains("empty /var/log/syslog (logs, 4 B)"))
            let shrunk = try await pandacap("image", "shrink", "it", "--json")
            #expect(shrunk.status == .exited(0), "\(shrunk.standardError)")
            #expect(shrunk.standardOutput.contains(#""version" : 2"#))
            #expect(try await pandacap("image", "list").standardOutput.contains("it "))
            #expect(try await pandacap("image", "show", "it").standardOutput.contains("version       2"))
        }
    }
}
