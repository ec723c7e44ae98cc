/// A snapshot by hand with pages of memory; the parts can be changed to make damaged ones.
struct MemoryStream {
    /// A page of a block.
    enum Page {
        case stored(String, UInt64, [UInt8])
        case filled(String, UInt64, UInt8)
        /// A word that is written as it is.
        case raw(UInt64)
    }

    var head = SnapshotStream(blocks: [("vga.vram", 0x2000), ("pc.ram", 0x10000), ("pc.bios", 0x1000)])
    /// The pages of each section.
    var sections: [[Page]] = []
    /// Whether pages leave out their block's name where it is that of the page before.
    var leavesOutNames = true
    /// The section's number in the footers.
    var footerSection: UInt32 = 2
    var lastMarker: UInt8 = 0x03
    var pageFlag: UInt64 = 0x08

    /// Memory of which each page is filled with its own number, in one section.
    static func plain(change: (inout [Page]) -> Void = { _ in }) -> MemoryStream {
        var stream = MemoryStream()
        var pages: [Page] = [.filled("vga.vram", 0, 0xee), .filled("vga.vram", 0x1000, 0xee)]
        pages += (0..<16).map { .filled("pc.ram", UInt64($0) << 12, UInt8($0)) }
        pages.append(.stored("pc.bios", 0, [UInt8](repeating: 0xbb, count: 4096)))
        change(&pages)
        stream.sections = [pages]
        return stream
    }

    var bytes: [UInt8] {
        var out = Bytes()
        out.add(head.head)
        var last: String?
        for (index, section) in sections.enumerated() {
            out.add([index == sections.count - 1 ? lastMarker : 0x02] + Bytes.big(UInt32(2)))
            for page in section { add(page, &last, &out) }
            out.add(Bytes.big(UInt64(0x10)))
            if head.hasFooters { out.add([0x7e] + Bytes.big(footerSection)) }
        }
        out.add([0x04] + Bytes.big(UInt32(3)))
        out.addName("timer")
        out.add(Bytes.big(UInt32(0)) + Bytes.big(UInt32(2)) + [1, 2, 3, 4])
        if head.hasFooters { out.add([0x7e] + Bytes.big(UInt32(3))) }
        out.add([0x00])
        return out.all
    }

    private func add(_ page: Page, _ last: inout String?, _ out: inout Bytes) {
        func begin(_ word: UInt64, _ name: String) {
            let isSame = leavesOutNames && last == name
            out.add(Bytes.big(word | (isSame ? 0x20 : 0)))
            if !isSame { out.addName(name) }
            last = name
        }
        switch page {
        case .stored(let name, let address, let bytes):
            begin(address | pageFlag, name)
            out.add(bytes)
        case .filled(let name, let address, let byte):
            begin(address | 0x02, name)
            out.add([byte])
        case .raw(let word):
            out.add(Bytes.big(word))
        }
    }
}
