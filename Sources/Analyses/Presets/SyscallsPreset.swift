import RunRecords

extension AnalysisPreset {
    static let syscalls = AnalysisPreset(
        "syscalls",
        "each system call with its arguments and result",
        plugins: [PluginRequest("syscalls_logger")],
        source: SyscallTables()
    )

    static let files = AnalysisPreset(
        "files",
        "which files processes opened, read, wrote, ran and removed",
        plugins: [PluginRequest("syscalls_logger")],
        source: FileTables()
    )
}

/// A table of what `syscalls_logger` puts into PANDA's log: panda/plugins/syscalls_logger/syscalls_logger.proto.
struct SyscallTables: TableSource {
    static let calls = ResultTable(
        "syscalls",
        "a system call that returned",
        [
            .init("instr", .integer, "when it returned, in guest instructions"),
            .init("pid", .integer, "the process"),
            .init("parent", .integer, "its parent"),
            .init("tid", .integer, "the thread"),
            .init("call", .text, "the call, without sys_"),
            .init("result", .integer, "what it returned; negative is an error's number"),
            .init("arguments", .text, "its arguments by their names, as JSON"),
            .init("pc", .text, "where it was made"),
            .init("asid", .text, "the address space"),
        ]
    )

    var tables: [ResultTable] { [Self.calls] }

    func pandalogReader() -> (any PandalogTableReader)? { Reader() }

    private struct Reader: PandalogTableReader {
        func read(_ entry: PandalogEntry, into sink: TableSink) throws {
            guard let call = SystemCall(entry) else { return }
            try sink.add(
                [
                    .count(entry.instruction), call.pid.map { .count($0) }, call.parent.map { .count($0) },
                    call.tid.map { .count($0) }, .text(call.name), call.result.map { .integer($0) },
                    .text(call.argumentsJSON), .address(entry.counter),
                    entry.fields.unsigned("asid").map { .address($0) },
                ],
                to: SyscallTables.calls
            )
        }

        func finish(into sink: TableSink) throws { try sink.begin(SyscallTables.calls) }
    }
}

/// A table of the paths among the arguments of system calls.
struct FileTables: TableSource {
    static let files = ResultTable(
        "files",
        "a file that a system call was about",
        [
            .init("instr", .integer, "when the call returned, in guest instructions"),
            .init("pid", .integer, "the process"),
            .init("call", .text, "the call, without sys_"),
            .init("path", .text, "the file, as the process named it, or what its descriptor stands for"),
            .init("argument", .text, "the argument that it was; fd where it was a descriptor"),
            .init("result", .integer, "what the call returned; negative is an error's number"),
            .init("flags", .integer, "the flags of an open"),
        ]
    )

    /// The arguments that are paths, as the kernel's prototypes name them.
    private static let paths: Set = [
        "filename", "pathname", "path", "oldname", "newname", "name", "dir_name", "dev_name", "special",
        "new_root",
        "put_old",
    ]
    /// What `syscalls_logger` adds where a call has a descriptor.
    private static let descriptor = "filename(from fd)"

    var tables: [ResultTable] { [Self.files] }

    func pandalogReader() -> (any PandalogTableReader)? { Reader() }

    private struct Reader: PandalogTableReader {
        func read(_ entry: PandalogEntry, into sink: TableSink) throws {
            guard let call = SystemCall(entry) else { return }
            let flags = call.arguments.first { $0.name == "flags" }?.value
            for argument in call.arguments {
                let isDescriptor = argument.name == FileTables.descriptor
                guard isDescriptor || FileTables.paths.contains(argument.name),
                    let path = argument.text, path != "[unknown filename]"
                else { continue }
                let isOpen = call.name.hasPrefix("open")
                try sink.add(
                    [
                        .count(entry.instruction), call.pid.map { .count($0) }, .text(call.name), .text(path),
                        .text(isDescriptor ? "fd" : argument.name), call.result.map { .integer($0) },
                        isOpen ? flags?.integer.map { .integer($0) } : nil,
                    ],
                    to: FileTables.files
                )
            }
        }

        func finish(into sink: TableSink) throws { try sink.begin(FileTables.files) }
    }
}

/// A system call in PANDA's log.
struct SystemCall {
    struct Argument {
        let name: String
        let value: PandalogValue

        var text: String? {
            switch value {
            case .text(let text): text
            case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
            default: nil
            }
        }
    }

    let name: String
    let pid: UInt64?
    let parent: UInt64?
    let tid: UInt64?
    let result: Int64?
    let arguments: [Argument]

    init?(_ entry: PandalogEntry) {
        guard let call = entry.fields.message("syscall"), let name = call.text("call_name") else {
            return nil
        }
        self.name = String(name.hasPrefix("sys_") ? name.dropFirst(4) : Substring(name))
        pid = call.unsigned("pid")
        parent = call.unsigned("ppid")
        tid = call.unsigned("tid")
        result = call.signed("retcode")
        arguments = call.messages("args").compactMap { argument in
            guard let name = argument.text("arg_name"),
                let value = argument.fields.first(where: { $0.name != "arg_name" && $0.name != "struct_type" }
                )?.value
            else { return nil }
            return Argument(name: name, value: value)
        }
    }

    /// The arguments as an object of JSON; of two of a name the second is called NAME_2.
    var argumentsJSON: String {
        var seen: [String: Int] = [:]
        let parts = arguments.map { argument in
            let count = seen[argument.name, default: 0] + 1
            seen[argument.name] = count
            let name = count == 1 ? argument.name : "\(argument.name)_\(count)"
            return jsonText(name) + ":" + argument.value.json
        }
        return "{" + parts.joined(separator: ",") + "}"
    }
}

extension PandalogValue {
    var integer: Int64? {
        switch self {
        case .unsigned(let value): Int64(exactly: value)
        case .signed(let value): value
        default: nil
        }
    }
}
