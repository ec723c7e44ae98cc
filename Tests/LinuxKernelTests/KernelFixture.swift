import Foundation

@testable import LinuxKernel

/// A made-up kernel: an ELF file with types, symbols and a banner.
struct KernelFixture {
    static let text: UInt64 = 0xffff_ffff_8100_0000
    static let readOnly: UInt64 = 0xffff_ffff_8200_0000
    static let firstTask: UInt64 = 0xffff_ffff_8280_0040
    static let processorOffsets: UInt64 = 0xffff_ffff_8240_0100

    var banner =
        "Linux version 6.1.0-9-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0) 12.2.0, GNU ld) "
        + "#1 SMP Debian 6.1.192-2 (2026-11-16)\n"
    var table = SymbolTableBuilder()
    /// Whether it is one of the newest: without lists of mappings, and with its current task in a structure.
    var isNew = false
    var hasTypes = true
    var is64Bit = true
    /// Structures and members to leave out.
    var lacks: Set<String> = []

    /// The members of each structure, eight bytes apart, from 8 on.
    var structures: [(name: String, members: [String])] {
        let task = [
            "tasks", "pid", "tgid", "group_leader", "real_parent", "parent", "mm", "stack", "real_cred",
            "cred", "files",
            "start_time",
        ]
        let memory = ["pgd", "arg_start", "start_brk", "brk", "start_stack"]
        let area = ["vm_mm", "vm_start", "vm_end", "vm_file", "vm_flags"]
        return [
            ("task_struct", task + (isNew ? [] : ["thread_group"])),
            ("cred", ["uid", "gid", "euid", "egid"]),
            ("mm_struct", memory + (isNew ? ["mm_mt"] : ["mmap"])),
            ("vm_area_struct", area + (isNew ? [] : ["vm_next"])),
            ("path", ["mnt", "dentry"]), ("files_struct", ["fdt", "fdtab"]), ("fdtable", ["fd"]),
            ("qstr", ["name"]),
            ("dentry", ["d_name", "d_parent", "d_op", isNew ? "d_shortname" : "d_iname"]),
            ("dentry_operations", ["d_dname"]), ("vfsmount", ["mnt_root"]),
            ("mount", ["mnt_parent", "mnt_mountpoint", "mnt"]), ("maple_tree", ["ma_lock", "ma_root"]),
            ("uprobes_state", ["xol_area"]), ("pcpu_hot", ["current_task"]),
        ]
    }

    var types: Data {
        var types = BTFBuilder()
        let word = types.integer("long", 8)
        let name = types.array(of: types.integer("char", 1), 16)
        var numbers: [String: UInt32] = [:]
        for (structure, members) in structures where !lacks.contains(structure) {
            var list = members.filter { !lacks.contains("\(structure).\($0)") }
                .map { member in
                    BTFBuilder.Member(
                        name: member,
                        type: word,
                        bits: UInt32((members.firstIndex(of: member) ?? 0) + 1) * 64
                    )
                }
            if structure == "task_struct" { list.append(.init(name: "comm", type: name, bits: 8192)) }
            numbers[structure] = types.structure(structure, 2048, list)
        }
        // Of these the ones above are members.
        let uprobes = types.structure("uprobes_state", 2048, [.init(name: "xol_area", type: word, bits: 64)])
        let file = types.structure(
            "file",
            256,
            [
                .init(name: "f_path", type: numbers["path"] ?? word, bits: 640),
                .init(name: "f_pos", type: word, bits: 64),
            ]
        )
        _ = (uprobes, file)
        return types.data
    }

    private var symbols: [(String, UInt64)] {
        let current: UInt64 = 0x1fb80
        var symbols: [(String, UInt64)] = [
            ("fixed_percpu_data", 0), (isNew ? "pcpu_hot" : "current_task", current), ("_text", Self.text),
            ("finish_task_switch.isra.0.cold", Self.text + 0x100),
            ("finish_task_switch.isra.0", Self.text + 0x200),
            ("finish_task_switcher", Self.text + 0x300), ("linux_banner", Self.readOnly),
            ("__per_cpu_offset", Self.processorOffsets), ("init_task", Self.firstTask),
            ("init_task_work", Self.firstTask + 0x10),
            (String(repeating: "long", count: 60), Self.firstTask + 0x20),
        ]
        for number in 0..<1200 {
            symbols.append(("zfiller_\(number)", Self.firstTask + 0x4000 + UInt64(number)))
        }
        symbols.append(("_end", Self.firstTask + 0x10_0000))
        return symbols.filter { !lacks.contains($0.0) }
    }

    /// The ELF file.
    var vmlinux: Data {
        var table = table
        if table.symbols.isEmpty { table.symbols = symbols }
        var readOnly = LittleEndianBytes()
        readOnly.add(text: banner)
        readOnly.align(to: 8)
        readOnly.add(table.data)
        var names = LittleEndianBytes()
        names.add(text: "")
        let sections: [(name: String, address: UInt64, data: Data)] =
            [(".rodata", Self.readOnly, readOnly.data)] + (hasTypes ? [(".BTF", 0, types)] : [])
        var headers = LittleEndianBytes()
        for _ in 0..<64 { headers.add(UInt8(0)) }
        var out = LittleEndianBytes()
        out.add(Data(ELFFile.magic + [is64Bit ? 2 : 1, 1, 1]))
        out.align(to: 16)
        out.add(UInt16(2))
        out.add(UInt16(is64Bit ? 62 : 3))
        out.align(to: 64)
        for section in sections + [(".shstrtab", 0, Data())] {
            out.align(to: 4096)
            let name = names.count
            names.add(text: section.name)
            let data = section.data.isEmpty ? names.data : section.data
            headers.add(UInt32(name))
            headers.add(UInt32(1))
            headers.add(UInt64(0))
            headers.add(section.address)
            headers.add(UInt64(out.count))
            headers.add(UInt64(data.count))
            headers.add(Data(count: 24))
            out.add(data)
        }
        out.align(to: 64)
        var file = out.data
        func put(_ place: Int, _ value: some FixedWidthInteger) {
            Swift.withUnsafeBytes(of: value.littleEndian) {
                file.replaceSubrange(place..<place + $0.count, with: $0)
            }
        }
        let count = UInt16(headers.count / 64)
        if is64Bit {
            put(0x28, UInt64(file.count))
            put(0x3a, UInt16(64))
            put(0x3c, count)
            put(0x3e, count - 1)
            return file + headers.data
        }
        // The same sections with the shorter headers of 32 bits.
        put(0x20, UInt32(file.count))
        put(0x2e, UInt16(40))
        put(0x30, count)
        put(0x32, count - 1)
        for index in 0..<Int(count) {
            let header = headers.data.subdata(in: index * 64..<index * 64 + 64)
            var short = LittleEndianBytes()
            short.add(header.subdata(in: 0..<8))
            for place in [8, 16, 24, 32] { short.add(header.subdata(in: place..<place + 4)) }
            short.add(Data(count: 16))
            file += short.data
        }
        return file
    }

    /// A bzImage of a payload.
    static func bzImage(_ payload: Data, version: UInt16 = 0x20f, sectors: UInt8 = 2) -> Data {
        var file = Data(count: (Int(sectors) + 1) * 512 + 64)
        func put(_ place: Int, _ value: some FixedWidthInteger) {
            Swift.withUnsafeBytes(of: value.littleEndian) {
                file.replaceSubrange(place..<place + $0.count, with: $0)
            }
        }
        file[0x1f1] = sectors
        put(0x202, UInt32(0x5372_6448))
        put(0x206, version)
        put(0x248, UInt32(64))
        put(0x24c, UInt32(payload.count))
        return file + payload + Data("behind".utf8)
    }
}
