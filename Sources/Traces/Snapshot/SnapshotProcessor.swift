/// Which processor of a PC a snapshot has the state of.
///
/// The two are recorded by different engines, and neither can load the other's state.
public enum SnapshotProcessor: String, Hashable, Sendable {
    /// Registers of 32 bits.
    case i386
    /// Registers of 64 bits.
    case x8664 = "x86_64"

    /// How far behind the registers' name in the description their size may stand, in bytes.
    private static let reach = 200

    /// Looks into the description at the end of the snapshot at `path`; a symbolic link is refused.
    ///
    /// QEMU describes the fields that it has saved in JSON, the general registers (`env.regs` of `vmstate_x86_cpu` in
    /// `target/i386/machine.c`) with their size. There is no answer for machines that are no PCs and for snapshots
    /// without a description.
    ///
    /// - Throws: ``TraceFormatError`` with any code that ``SnapshotHead/init(path:)`` throws.
    public static func find(in path: String) throws(TraceFormatError) -> SnapshotProcessor? {
        let head = try SnapshotHead(path: path)
        guard case .described(let length) = head.ending else { return nil }
        let file = try RegularFile(path: path)
        return find(in: try file.read(max(0, file.byteCount - length)..<file.byteCount), head)
    }

    static func find(in description: [UInt8], _ head: SnapshotHead) -> SnapshotProcessor? {
        guard head.machine?.hasPrefix("pc") == true,
            let registers = description.firstRange(of: Array(#""env.regs""#.utf8))
        else { return nil }
        let rest = description[registers.upperBound...].prefix(reach)
        guard let size = rest.firstRange(of: Array(#""size" : "#.utf8)) else { return nil }
        switch rest[size.upperBound...].prefix(while: { (0x30...0x39).contains($0) }) {
        case [UInt8(ascii: "4")]: return .i386
        case [UInt8(ascii: "8")]: return .x8664
        default: return nil
        }
    }
}
