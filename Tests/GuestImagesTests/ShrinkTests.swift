import Foundation
import HostSupport
import Testing

@testable import GuestImages

@Suite struct ShrinkTests {
    @Test(
        arguments: [
            ("/var/log/syslog", "empty"), ("/var/log/apt/history.log", "empty"),
            ("/var/log/apt/history.log.1", "remove"), ("/var/log/dmesg.2.gz", "remove"),
            ("/var/log/journal/0a/system.journal", "remove"), ("/var/log/journal/0a", "keep"),
            ("/var/lib/apt/lists/lock", "keep"), ("/var/lib/apt/lists/deb_InRelease", "remove"),
            ("/var/cache/apt/pkgcache.bin", "remove"), ("/var/cache/apt", nil),
            ("/root/.bash_history", "remove"),
            ("/home/ada/.python_history", "remove"), ("/home/ada/work/.bash_history", nil), ("/tmp", nil),
            ("/tmp/a/b", "remove"), ("/etc/passwd", nil), ("/swapfile", "zero"), ("/var/logs", nil),
            ("/home/.bash_history", nil), ("/var/log", nil), ("/x/tmp/a", nil),
        ]
    )
    func eachPathHasItsRule(_ path: String, _ action: String?) {
        #expect(ShrinkRule.first(for: Array(path.utf8))?.action.rawValue == action, "\(path)")
    }

    /// A disk with a file system of files worth removing in one partition, and swap in another.
    private func makeImage(in folder: HostPath, divided: Bool) async throws -> ImageStore {
        let tree = folder / "tree"
        for (path, text) in [
            ("var/log/syslog", String(repeating: "log ", count: 100_000)), ("var/log/syslog.1", "old"),
            ("var/lib/apt/lists/list", "list"), ("var/lib/apt/lists/lock", ""),
            ("root/.bash_history", "secret"),
            ("tmp/folder/a \"quoted\" file", "x"), ("tmp/folder/second", "y"), ("tmp/odd/two\nlines", "z"),
            ("etc/hostname", "guest\n"), ("home/ada/kept", String(repeating: "kept ", count: 50_000)),
        ] {
            try FileSystem.createDirectory((tree / path).parent)
            try FileSystem.write(text, to: tree / path)
        }
        let pages = Data((0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) })
        try FileSystem.write(pages, to: tree / "swapfile", mode: 0o600)
        try await Tool("mkswap").run(["-q", (tree / "swapfile").string])
        let disk = folder / "disk"
        let size = divided ? "64M" : "32M"
        try await Tool("truncate").run(["-s", size, disk.string])
        if divided {
            try await Tool("sfdisk", package: "fdisk").run(
                ["-q", disk.string],
                input: "label: dos\nstart=2048, size=65536, type=83\nstart=67584, size=16384, type=82\n"
            )
            let swap = folder / "swap"
            try FileSystem.write(pages + pages + pages, to: swap)
            try await Tool("mkswap").run(["-q", swap.string])
            try await Tool("dd").run([
                "if=\(swap)", "of=\(disk)", "bs=512", "seek=67584", "conv=notrunc", "status=none",
            ])
        }
        try await Tool("mke2fs", package: "e2fsprogs").run([
            "-q", "-t", "ext4", "-b", "1024", "-d", tree.string, "-E", "offset=\(divided ? 1 << 20 : 0)",
            disk.string, "32768",
        ])
        let store = ImageStore(home: folder / "home")
        _ = try await ImageImporter(store: store, console: Console(.quiet))
            .run(ImageImport(disk: disk, name: "fat"))
        return store
    }

    /// The image's disk as debugfs sees it.
    private func look(_ store: ImageStore, _ command: String, in folder: HostPath, at offset: Int)
        async throws
        -> String
    {
        let image = try store.load("fat")
        let raw = folder / "look.raw"
        let base = store.path(of: try #require(image.disk), in: image)
        try await DiskTools.qemuImg.run(["convert", "-f", "qcow2", "-O", "raw", base.string, raw.string])
        let device = "\(raw)?offset=\(offset)"
        #expect(try await Tool("e2fsck").output(["-fn", device]).status == .exited(0))
        return try await Tool("debugfs").run(["-R", command, device])
    }

    @Test(arguments: [false, true])
    func whatIsInTheTableGoesAndAllElseStays(_ divided: Bool) async throws {
        try await withScratch { folder in
            let store = try await makeImage(in: folder, divided: divided)
            let before = try store.load("fat")
            let shrinker = ImageShrinker(store: store, console: Console(.quiet))
            let plan = try await shrinker.shrink("fat", as: nil, isDryRun: true)
            #expect(plan.bytesAfter == nil && plan.version == 1)
            #expect(try store.load("fat") == before)
            let result = try await shrinker.shrink("fat", as: nil, isDryRun: false)
            #expect(result.files.map(\.path) == plan.files.map(\.path))
            #expect(
                Set(result.files.map { "\($0.action) \($0.path ?? "partition \($0.partition ?? 0)")" })
                    == Set(
                        [
                            "empty /var/log/syslog", "remove /var/log/syslog.1",
                            "remove /var/lib/apt/lists/list",
                            "remove /root/.bash_history", #"remove /tmp/folder/a "quoted" file"#,
                            "remove /tmp/folder/second", "remove /tmp/folder", "zero /swapfile",
                        ] + (divided ? ["zero partition 2"] : [])
                    )
            )
            #expect(result.left == [#"/tmp/odd/two\nlines"#])
            #expect(try #require(result.bytesAfter) < result.bytesBefore)
            let after = try store.load("fat")
            #expect(after.version == 2 && after.digest != before.digest)
            let offset = divided ? 1 << 20 : 0
            let kept = try await look(store, "cat /home/ada/kept", in: folder, at: offset)
            #expect(kept == String(repeating: "kept ", count: 50_000))
            #expect(try await look(store, "cat /var/log/syslog", in: folder, at: offset).isEmpty)
            #expect(try await look(store, "ls /tmp", in: folder, at: offset).contains("folder") == false)
            let raw = try FileSystem.read(folder / "look.raw")
            #expect(raw.firstRange(of: Data("secret".utf8)) == nil)
            try await Tool("debugfs").run([
                "-R", "dump /swapfile \(folder / "swapfile")", "\(folder / "look.raw")?offset=\(offset)",
            ])
            for swap in [folder / "swapfile"] + (divided ? [folder / "swap"] : []) {
                let isFile = swap.name == "swapfile"
                let now = isFile ? try FileSystem.read(swap) : raw[67584 * 512..<83968 * 512]
                let first = now.prefix(4096)
                #expect(first.suffix(10) == Data("SWAPSPACE2".utf8))
                #expect(now.dropFirst(4096) == Data(repeating: 0, count: now.count - 4096))
                #expect(!isFile || now.count == 1 << 20)
            }
        }
    }

    @Test func anotherNameLeavesTheImageAsItIs() async throws {
        try await withScratch { folder in
            let store = try await makeImage(in: folder, divided: false)
            let before = try store.load("fat")
            let shrinker = ImageShrinker(store: store, console: Console(.quiet))
            let result = try await shrinker.shrink("fat", as: "thin", isDryRun: false)
            #expect(result.image == "thin" && result.version == 1)
            #expect(try store.load("fat") == before)
            #expect(store.names == ["fat", "thin"])
            let taken = await failure { _ = try await shrinker.shrink("fat", as: "thin", isDryRun: false) }
            #expect(taken?.code == .cannotCreate)
            #expect(FileSystem.list(store.folder).filter { $0.hasPrefix(".scratch") }.isEmpty)
        }
    }
}
