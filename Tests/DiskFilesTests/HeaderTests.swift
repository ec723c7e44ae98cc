import DiskFiles
import HostSupport
import TestSupport
import Testing

@Suite("What a qcow2 image says of itself, and names that are shown")
struct HeaderTests {
    private func header(_ arguments: [String], in folder: HostPath) async throws -> QCOW2Header {
        let image = folder / "image"
        try await Tool("qemu-img").run(["create", "-q", "-f", "qcow2"] + arguments + [image.string, "3M"])
        return try QCOW2Header(try RawDisk(path: image.string))
    }

    @Test("versions, backing files and external data")
    func headers() async throws {
        try await withScratch { folder in
            let old = try await header(["-o", "compat=0.10"], in: folder)
            #expect(old.version == 2 && old.virtualBytes == 3 << 20 && old.backingFile == nil)
            let new = try await header(["-o", "compat=1.1"], in: folder)
            #expect(new.version == 3 && !new.isEncrypted && !new.hasExternalData && new.snapshots == 0)
            for version in ["0.10", "1.1"] {
                let options = ["-o", "compat=\(version)", "-u", "-b", "up/base.raw", "-F", "raw"]
                let overlay = try await header(options, in: folder)
                #expect(overlay.backingFile == "up/base.raw" && overlay.backingFormat == "raw")
            }
            let external = try await header(["-o", "data_file=\(folder / "data")"], in: folder)
            #expect(external.hasExternalData)
            let secret = try await header(
                [
                    "--object", "secret,id=s,data=abc", "-o",
                    "encrypt.format=aes,encrypt.key-secret=s",
                ],
                in: folder
            )
            #expect(secret.isEncrypted)
        }
    }

    @Test("names are shown without what controls a terminal, and without doubt")
    func names() {
        #expect(printableName(Array("/etc/passwd".utf8)) == "/etc/passwd")
        #expect(printableName(Array("/é 漢".utf8)) == "/é 漢")
        #expect(printableName(Array("a\nb\tc\\d".utf8)) == #"a\nb\tc\\d"#)
        #expect(printableName([0x61, 0xff, 0xc3]) == #"a\xff\xc3"#)
        #expect(printableName(Array("\u{1B}[2J\u{202E}x".utf8)) == #"\x1b[2J\xe2\x80\xaex"#)
        #expect(printableName([0xed, 0xa0, 0x80, 0x41]) == #"\xed\xa0\x80A"#)
    }
}
