/// The names and types of the fields in PANDA's logs.
///
/// Each plugin of PANDA's describes its own messages: panda/plugins/PLUGIN/PLUGIN.proto. PANDA's build joins them to
/// plog.proto, whose numbers are told here as libpanda of 7 Dec 2021 has them.
struct PandalogSchema: Sendable {
    /// What a field holds.
    enum Kind: Hashable, Sendable {
        case unsigned32, unsigned64, address, signed, boolean, float, double, text, bytes
        case message(String)
    }

    /// A field.
    struct Field: Hashable, Sendable {
        let name: String
        let kind: Kind
        let isRepeated: Bool
    }

    /// The fields of each message by their numbers.
    let messages: [String: [UInt64: Field]]

    /// The message that each entry is.
    static let root = "LogEntry"

    /// The fields of a message in the order of their numbers.
    func fields(of message: String) -> [Field] {
        (messages[message] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }

    /// Reads lines of a message's name and its fields, each `NUMBER NAME TYPE`; `*` marks a repeated one, and `addr` is an
    /// u64 that is an address.
    init(_ text: String) {
        var messages: [String: [UInt64: Field]] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            var fields: [UInt64: Field] = [:]
            for item in parts[1].split(separator: ",") {
                let words = item.split(separator: " ")
                guard words.count == 3, let number = UInt64(words[0]) else { continue }
                let isRepeated = words[2].hasSuffix("*")
                let type = String(isRepeated ? words[2].dropLast() : words[2])
                fields[number] = Field(name: String(words[1]), kind: Kind(type), isRepeated: isRepeated)
            }
            messages[String(parts[0])] = fields
        }
        self.messages = messages
    }

    /// That of the managed engine.
    static let panda = PandalogSchema(
        """
        LogEntry:1 pc addr,2 instr u64,3 asid addr,5 asid_libraries LoadedLibs,6 taint_label_virtual_addr addr,\
        7 taint_label_physical_addr addr,8 taint_label_number u32,10 call_stack CallStack,\
        36 tainted_branch TaintedBranch,37 tainted_instr TaintedInstr,38 taint_query_hypercall TaintQueryHypercall,\
        39 attack_point AttackPoint,40 asid_info AsidInfo,41 edge_coverage AsidEdges,42 basic_block BasicBlock,\
        43 trace AsidTrace,45 label_liveness LabelLiveness,50 signal_event SignalEvent,\
        56 tainted_instr_summary TaintedInstrSummary,58 syscall Syscall,66 dwarf_call DwarfCall,\
        67 dwarf_ret DwarfCall,68 taint_query_pri TaintQueryPri,69 attack_point_pri AttackPointPri,\
        70 pri_trace_src_info SrcInfoPri,72 tainted_branch_summary TaintedBranchSummary,\
        73 tainted_mmio_label TaintedMmioLabel,102 serial_tx SerialTx,103 proc_trace ProcTrace
        AsidInfo:1 pid u32,2 create_time u64,3 ppid u32,4 asid addr,5 names text*,6 tids u32*,7 start_instr u64,\
        8 end_instr u64,9 count u64
        CallStack:1 addr addr*
        BasicBlock:1 asid addr,3 size u32,5 code bytes
        Edge:2 pc addr*,3 hit_count u64
        AsidEdges:2 edges Edge*
        AsidTrace:1 pcs addr*
        Module:1 name text,2 file text,3 base_addr addr,4 size u64
        LoadedLibs:1 proc_name text,2 pid u32,3 ppid u32,4 create_time u64,5 tid u32,6 modules Module*
        DwarfCall:1 file_callee text,2 function_name_callee text,3 line_number_callee u64,4 file_caller text,\
        5 line_number_caller u64
        ProcTrace:1 pid u32,2 create_time u64,3 ppid u32,4 asid addr,5 name text,6 tid u32,7 start_instr u64
        SignalEvent:1 sig i32,2 suppressed bool,3 src_name text,4 dst_name text,5 src_pid i32,6 dst_pid i32
        StructData:1 members NamedData*
        NamedData:1 arg_name text,2 str text,3 ptr addr,4 u64 u64,5 u32 u32,6 u16 u32,7 i64 i64,8 i32 i32,9 i16 i32,\
        10 float_val float,11 double_val double,12 bool_val bool,13 bytes_val bytes,14 struct_type text,\
        15 struct_data StructData
        Syscall:1 pid u32,2 ppid u32,3 tid u32,4 create_time u64,5 retcode i64,6 call_name text,7 args NamedData*
        SrcInfoPri:1 filename text,2 linenum u32,3 astnodename text,4 insertionpoint u32,5 ast_loc_id u32
        AttackPointPri:1 info u32,2 call_stack CallStack,3 src_info SrcInfoPri
        TaintQueryPri:1 buf addr,2 len u32,3 data u32*,4 num_tainted u32,5 call_stack CallStack,6 src_info SrcInfoPri,\
        7 taint_query TaintQuery*
        SerialTx:1 value u32,2 labels u32*
        TaintQueryUniqueLabelSet:1 ptr addr,2 label u32*
        SrcInfo:1 filename u32,2 linenum u32,3 astnodename u32,4 insertionpoint u32,5 ast_loc_id u32
        TaintQuery:1 ptr addr,2 tcn u32,3 offset u32,4 unique_label_set TaintQueryUniqueLabelSet
        AttackPoint:1 info u32,2 call_stack CallStack,3 src_info SrcInfo
        TaintQueryHypercall:1 buf addr,2 len u32,3 data u32*,4 num_tainted u32,5 call_stack CallStack,\
        6 src_info SrcInfo,7 taint_query TaintQuery*
        TaintedBranch:1 call_stack CallStack,2 taint_query TaintQuery*
        TaintedBranchSummary:1 asid addr,2 pc addr
        LabelLiveness:1 label u32,2 count u64
        TaintedInstr:1 call_stack CallStack,2 taint_query TaintQuery*
        TaintedInstrSummary:1 asid addr,2 pc addr
        TaintedMmioLabel:1 pc addr,2 label u32,3 addr addr
        """
    )
}

extension PandalogSchema.Kind {
    init(_ type: String) {
        self =
            switch type {
            case "u32": .unsigned32
            case "u64": .unsigned64
            case "addr": .address
            case "i32", "i64": .signed
            case "bool": .boolean
            case "float": .float
            case "double": .double
            case "text": .text
            case "bytes": .bytes
            default: .message(type)
            }
    }
}
