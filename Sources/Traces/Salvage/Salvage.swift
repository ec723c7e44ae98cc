/// Where a log that was not ended, or that is damaged, is cut so that an engine replays it to its end.
///
/// The salvaged log has the original's entries before ``cutOffset``, then an end of the log
/// (`RR_END_OF_LOG` at call site 17, as `rr_record_end_of_log` in PANDA's `panda/src/rr/rr_log.c` writes it), and the
/// count of that end in the header, as `rr_destroy_log` does.
///
/// ## Where a cut is safe
///
/// The engine ends a replay where the log is read to its end, the end's entry is the next one, and the guest has come
/// to its instruction count (`rr_replay_finished` in `rr_log.c`). It cuts blocks of instructions so that it stops at
/// exactly that count (`rr_num_instr_before_next_interrupt` in `rr_log.h`), so that any count does which the
/// recorded guest had reached, that of the last entry kept above all.
///
/// Entries that ask the engine for nothing more may be the last: interrupts, whose number may be missing then; values
/// of the time stamp counter; what devices did between instructions or when the guest wrote to them, a half packet or
/// a half transfer to memory included. One case is fatal: where the guest reads from a device, the engine insists on
/// each value and aborts when it is not there (`rr_replay_input_8`, the assertion `current_item`). A read makes up
/// to three sorts of entries, all at one instruction count: skipped calls of the device with the call site of the
/// read, the read's result (`RR_INPUT_4`, at the call sites `READ_8` to `READ_1`), the value (`RR_INPUT_8`). A log that
/// stops before the last of them is therefore cut before the first entry of that instruction.
///
/// Found by cutting recordings of a tiny and of a Debian guest, one with a disk and one without, after each sort of
/// entry followed by each other sort: 113 cuts, of which the three within a read, and no others, did not replay.
public struct Salvage: Hashable, Sendable {
    /// Where the original's last entry that is kept ends, in bytes from the start of the file.
    public var cutOffset: Int

    /// How many entries are kept, without an end of the log.
    public var entriesKept: Int

    /// How many whole entries are given up besides an end of the log, which is written anew.
    ///
    /// Of a damaged log, only the entries before the damage are counted.
    public var entriesDropped: Int

    /// How many bytes of the original are given up, those of a torn entry or behind a damage included.
    public var bytesDropped: Int

    /// When the salvaged recording ends, in guest instructions.
    public var finalInstructionCount: UInt64

    /// The size of the original in bytes.
    public var originalByteCount: Int

    /// What the original is damaged by; `nil` where it just was not ended.
    public var damage: TraceFormatError?

    /// The size of the salvaged log in bytes.
    public var byteCount: Int { cutOffset + NondetFrame.prefixBytes }
}
