/// A snapshot by hand; the parts can be changed to make damaged ones.
struct SnapshotStream {
    var magic: UInt32 = 0x5145_564d
    var version: UInt32 = 3
    var machine: String? = "pc-i440fx-2.9"
    var pageBits: UInt32?
    var section = "ram"
    var sectionVersion: UInt32 = 4
    var total: UInt64?
    var blocks: [(name: String, bytes: UInt64)] = [
        ("pc.ram", 128 << 20), ("vga.vram", 16 << 20), ("/rom@etc/acpi/tables", 0x20000),
        ("pc.bios", 0x40000), ("0000:00:03.0/e1000.rom", 0x40000), ("pc.rom", 0x20000),
    ]
    var hasFooters = true
    var footerSection: UInt32 = 2
    var description: String? = #"{ "page_size": 4096, "devices": [ { "name" : "timer" } ] }"#

    var head: [UInt8] {
        var out = Bytes()
        out.add(Bytes.big(magic) + Bytes.big(version))
        if let machine {
            out.add([0x07] + Bytes.big(UInt32(machine.utf8.count)) + Array(machine.utf8))
        }
        if let pageBits {
            out.add([0x05])
            out.addName("configuration/target-page-bits")
            out.add(Bytes.big(UInt32(1)) + Bytes.big(pageBits))
        }
        out.add([0x01] + Bytes.big(UInt32(2)))
        out.addName(section)
        out.add(Bytes.big(UInt32(0)) + Bytes.big(sectionVersion))
        out.add(Bytes.big((total ?? blocks.reduce(0) { $0 &+ $1.bytes }) | 0x04))
        for block in blocks {
            out.addName(block.name)
            out.add(Bytes.big(block.bytes))
        }
        out.add(Bytes.big(UInt64(0x10)))
        if hasFooters { out.add([0x7e] + Bytes.big(footerSection)) }
        return out.all
    }

    /// A few pages, a device, the end and the description.
    var bytes: [UInt8] {
        var out = Bytes()
        out.add(head)
        out.add([0x03] + Bytes.big(UInt32(2)))
        out.add(Bytes.big(UInt64(0x02)))
        out.addName("pc.ram")
        out.add([0x00] + Bytes.big(UInt64(0x1000 | 0x28)) + [UInt8](repeating: 0xc3, count: 4096))
        out.add(Bytes.big(UInt64(0x10)) + footer(2))
        out.add([0x04] + Bytes.big(UInt32(3)))
        out.addName("timer")
        out.add(Bytes.big(UInt32(0)) + Bytes.big(UInt32(2)) + [1, 2, 3, 4] + footer(3))
        out.add([0x00])
        if let description {
            out.add([0x06] + Bytes.big(UInt32(description.utf8.count)) + Array(description.utf8))
        }
        return out.all
    }

    private func footer(_ number: UInt32) -> [UInt8] {
        hasFooters ? [0x7e] + Bytes.big(number) : []
    }
}
