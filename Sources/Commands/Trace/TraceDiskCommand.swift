import ArgumentParser
import HostSupport
import Replays
import Traces

struct TraceDiskCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "disk",
        abstract: "List what a guest read from its disks and wrote to them while it was recorded",
        discussion: """
            Sectors have 512 bytes. A transfer is shown where the guest began it.

            Examples:
              $ pandacap trace disk RUN-ID
              $ pandacap trace disk RUN-ID --writes --json
            """
    )

    @OptionGroup var trace: TraceOptions

    @Flag(help: "Only what the guest wrote.")
    var writes = false

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        try await trace.withSource(console) { source in
            let opened = try OpenedLog(try source.single())
            for problem in opened.problems { console.warning(problem) }
            try print(DiskTransferReport(opened, writesOnly: writes))
            return 0
        }
    }
}

/// Transfers of a disk.
private struct DiskTransferReport: Report {
    struct Transfer: Encodable {
        let instruction: UInt64
        let direction: String
        let sector: UInt64
        let bytes: UInt32
        let memory: String?
    }

    struct Total: Encodable {
        var transfers = 0
        var bytes: UInt64 = 0

        mutating func add(_ transfer: DiskTransfer) {
            transfers += 1
            bytes &+= UInt64(transfer.byteCount)
        }

        var text: String { "\(transfers) transfers, \(ByteSize(bytes: bytes))" }
    }

    let transfers: [Transfer]
    let reads: Total
    let writes: Total

    init(_ opened: OpenedLog, writesOnly: Bool) {
        var transfers: [Transfer] = []
        var (reads, writes) = (Total(), Total())
        opened.log.readSound(limits: opened.limits) { entry in
            guard let transfer = DiskTransfer(entry), transfer.isWrite || !writesOnly else { return }
            if transfer.isWrite { writes.add(transfer) } else { reads.add(transfer) }
            transfers.append(
                Transfer(
                    instruction: transfer.instructionCount,
                    direction: transfer.isWrite ? "write" : "read",
                    sector: transfer.sector,
                    bytes: transfer.byteCount,
                    memory: transfer.memoryAddress.map { "0x" + String($0, radix: 16) }
                )
            )
        }
        (self.transfers, self.reads, self.writes) = (transfers, reads, writes)
    }

    var text: String {
        guard !transfers.isEmpty else { return "no transfers" }
        let rows = transfers.map { transfer in
            [
                "\(transfer.instruction)", transfer.direction, "\(transfer.sector)", "\(transfer.bytes)",
                transfer.memory ?? "-",
            ]
        }
        return Table(header: ["INSTRUCTION", "", "SECTOR", "BYTES", "MEMORY"], rows: rows).text
            + "\nreads: \(reads.text); writes: \(writes.text)"
    }
}
