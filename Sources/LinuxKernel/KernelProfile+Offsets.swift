import HostSupport

extension KernelProfile {
    /// A key that is an offset, and what it is taken from.
    private struct Rule {
        let key: String
        let structure: String
        let path: String
        /// What is taken where there is no such member.
        var otherwise: Otherwise = .none

        enum Otherwise {
            case none
            /// Another member.
            case member(String)
            /// A pointer that is always NULL, or a place that is mapped in no guest.
            case nothing(String)
            case number(Int, String)
        }
    }

    /// Two gibibytes behind a structure, which is mapped in no guest of less.
    private static let farAway = 0x7fff_f000

    private static let rules: [Rule] = {
        func plain(_ group: String, _ structure: String, _ members: String...) -> [Rule] {
            members.map { Rule(key: "\(group).\($0)_offset", structure: structure, path: $0) }
        }
        let task = "task_struct"
        let memory = "mm_struct"
        let area = "vm_area_struct"
        var rules = plain("task", task, "tasks", "pid", "tgid", "group_leader")
        rules.append(
            Rule(
                key: "task.thread_group_offset",
                structure: task,
                path: "thread_group",
                otherwise: .number(0, "task_struct has no thread_group from 6.7 on; PANDA reads the key only")
            )
        )
        rules += plain("task", task, "real_parent", "parent", "mm", "stack", "real_cred", "cred", "comm")
        rules += plain("task", task, "files", "start_time")
        rules += plain("cred", "cred", "uid", "gid", "euid", "egid")
        rules.append(
            Rule(
                key: "mm.mmap_offset",
                structure: memory,
                path: "mmap",
                otherwise: .nothing(
                    "mm_struct has no list of mappings from 6.1 on but a maple tree; this is a pointer that is always "
                        + "NULL, so that PANDA finds no mapping instead of nonsense"
                )
            )
        )
        rules += plain("mm", memory, "pgd", "arg_start", "start_brk", "brk", "start_stack")
        rules += plain("vma", area, "vm_mm", "vm_start", "vm_end")
        rules.append(
            Rule(
                key: "vma.vm_next_offset",
                structure: area,
                path: "vm_next",
                otherwise: .number(
                    farAway,
                    "vm_area_struct has no list from 6.1 on; the key is not used then"
                )
            )
        )
        rules += plain("vma", area, "vm_file", "vm_flags")
        rules.append(Rule(key: "fs.f_path_dentry_offset", structure: "file", path: "f_path.dentry"))
        rules.append(Rule(key: "fs.f_path_mnt_offset", structure: "file", path: "f_path.mnt"))
        rules += plain("fs", "file", "f_pos") + plain("fs", "files_struct", "fdt", "fdtab")
        rules += plain("fs", "fdtable", "fd") + plain("qstr", "qstr", "name")
        rules += plain("path", "dentry", "d_name")
        rules.append(
            Rule(
                key: "path.d_iname_offset",
                structure: "dentry",
                path: "d_iname",
                otherwise: .member("d_shortname")
            )
        )
        rules += plain("path", "dentry", "d_parent", "d_op")
        rules += plain("path", "dentry_operations", "d_dname") + plain("path", "vfsmount", "mnt_root")
        return rules
    }()

    /// Keys that PANDA ignores and our own plugins read; a kernel without such a member goes without the key.
    private static let ownRules: [Rule] = [
        ("task_exit_state", "task_struct", "exit_state"), ("task_exit_code", "task_struct", "exit_code"),
        ("task_fs", "task_struct", "fs"), ("fs_pwd_dentry", "fs_struct", "pwd.dentry"),
        ("fs_pwd_mnt", "fs_struct", "pwd.mnt"), ("mm_exe_file", "mm_struct", "exe_file"),
        ("file_private_data", "file", "private_data"), ("socket_sk", "socket", "sk"),
        ("socket_type", "socket", "type"), ("sock_family", "sock_common", "skc_family"),
        ("sock_daddr", "sock_common", "skc_daddr"), ("sock_rcv_saddr", "sock_common", "skc_rcv_saddr"),
        ("sock_dport", "sock_common", "skc_dport"), ("sock_num", "sock_common", "skc_num"),
        ("sock_v6_daddr", "sock_common", "skc_v6_daddr"),
        ("sock_v6_rcv_saddr", "sock_common", "skc_v6_rcv_saddr"),
        ("tk_seconds", "timekeeper", "xtime_sec"), ("tk_nanoseconds", "timekeeper", "tkr_mono.xtime_nsec"),
        ("tk_shift", "timekeeper", "tkr_mono.shift"),
    ].map { Rule(key: "x.\($0)_offset", structure: $1, path: $2) }

    /// All values that are offsets or sizes.
    static func offsets(_ types: BTF) throws -> [Offset] {
        var offsets = [
            try size("task.size", of: "task_struct", types), try size("mm.size", of: "mm_struct", types),
            try size("vma.size", of: "vm_area_struct", types), try size("qstr.size", of: "qstr", types),
        ]
        guard let nameSize = types.size(of: "comm", in: "task_struct") else {
            throw missing("comm", in: "task_struct")
        }
        offsets.append(Offset(key: "task.comm_size", value: nameSize, note: nil))
        offsets += try rules.map { try offset($0, types) }
        // Both are members of the structure around a vfsmount, which PANDA starts from.
        let mount = try place("mnt", in: "mount", types)
        for member in ["mnt_parent", "mnt_mountpoint"] {
            let value = try place(member, in: "mount", types) - mount
            offsets.append(Offset(key: "path.\(member)_offset", value: value, note: nil))
        }
        if types.member("mmap", of: "mm_struct") == nil,
            let tree = types.member("mm_mt", of: "mm_struct")?.byteOffset,
            let root = types.member("ma_root", of: "maple_tree")?.byteOffset
        {
            offsets.append(
                Offset(
                    key: "x.mm_mt_ma_root_offset",
                    value: tree + root,
                    note: "PANDA ignores it; it is for plugins that walk the maple tree"
                )
            )
        }
        for rule in ownRules {
            guard let value = types.member(rule.path, of: rule.structure)?.byteOffset else { continue }
            offsets.append(Offset(key: rule.key, value: value, note: nil))
        }
        return offsets
    }

    private static func offset(_ rule: Rule, _ types: BTF) throws -> Offset {
        func offset(_ value: Int, _ note: String? = nil) -> Offset {
            Offset(key: rule.key, value: value, note: note)
        }
        if let value = types.member(rule.path, of: rule.structure)?.byteOffset { return offset(value) }
        switch rule.otherwise {
        case .none: throw missing(rule.path, in: rule.structure)
        case .member(let name): return offset(try place(name, in: rule.structure, types))
        case .number(let number, let note): return offset(number, note)
        case .nothing(let note):
            let pointer = types.member("uprobes_state.xol_area", of: rule.structure)?.byteOffset
            return offset(pointer ?? farAway, note)
        }
    }

    private static func size(_ key: String, of structure: String, _ types: BTF) throws -> Offset {
        guard let size = types.size(of: structure) else {
            throw Failure(.badData, "its BTF has no structure \(structure)")
        }
        return Offset(key: key, value: size, note: nil)
    }

    private static func place(_ path: String, in structure: String, _ types: BTF) throws -> Int {
        guard let offset = types.member(path, of: structure)?.byteOffset else {
            throw missing(path, in: structure)
        }
        return offset
    }

    private static func missing(_ path: String, in structure: String) -> Failure {
        Failure(.badData, "its BTF has no member \(path) in the structure \(structure)")
    }
}
