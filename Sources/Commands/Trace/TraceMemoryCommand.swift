import ArgumentParser
import Foundation
import HostSupport
import Replays
import Traces

struct TraceMemoryCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "Look into the memory that a guest had when its recording began",
        discussion: """
            Addresses are physical ones. Without --range, the printable texts in memory are listed, each with its address; \
            with --json, a JSON object a line.

            Examples:
              $ pandacap trace memory RUN-ID | grep PASSWORD
              $ pandacap trace memory RUN-ID --shortest 12 --encoding utf16le
              $ pandacap trace memory RUN-ID --range 0x1000+256
              $ pandacap trace memory RUN-ID --range 0x100000+16M --write kernel.bin
            """
    )

    @OptionGroup var trace: TraceOptions

    @Option(
        help: ArgumentHelp("Bytes from an address on, as a dump or to a file.", valueName: "address+length")
    )
    var range: MemoryRange?

    @Option(help: ArgumentHelp("How many characters a text has at least.", valueName: "count"))
    var shortest = 6

    @Option(help: ArgumentHelp("ascii, or utf16le as in Windows.", valueName: "encoding"))
    var encoding = SnapshotMemory.TextEncoding.ascii

    @OptionGroup var file: WriteOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...SnapshotMemory.longestText).contains(shortest) else {
            throw ValidationError("--shortest takes 1 to \(SnapshotMemory.longestText)")
        }
        guard range == nil || !global.json else {
            throw ValidationError("--json is for texts; the bytes of a range are written with --write")
        }
    }

    func execute(_ console: Console) async throws -> Int32 {
        try await trace.withSource(console) { source in
            let item = try source.single()
            let memory: SnapshotMemory
            do throws(TraceFormatError) {
                memory = try SnapshotMemory(path: item.files.snapshotPath)
            } catch {
                throw Failure(.badData, "\(item.files.snapshotPath): \(error)")
            }
            if let range {
                try extract(range, memory)
            } else {
                try listTexts(memory)
            }
            return 0
        }
    }

    private func listTexts(_ memory: SnapshotMemory) throws {
        var output = try file.open()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try memory.forEachText(encoding, shortest: shortest) { address, text in
            let text = String(decoding: text, as: UTF8.self)
            let place = "0x" + String(address, radix: 16)
            if global.json {
                try output.write(
                    Array(encoder.encode(["address": place, "text": text])) + [UInt8(ascii: "\n")]
                )
            } else {
                // Printable ASCII and tabs only: nothing that moves a terminal's cursor elsewhere.
                try output.write("\(place)\t\(text)\n")
            }
        }
        try output.finish()
    }

    private func extract(_ range: MemoryRange, _ memory: SnapshotMemory) throws {
        var output = try file.open()
        var address = range.address
        var left = range.length
        while left > 0 {
            let count = Int(min(left, UInt64(MemoryRange.piece)))
            guard let bytes = memory.bytes(count, at: address) else {
                let places = memory.ranges.map {
                    "0x\(String($0.lowerBound, radix: 16))..<0x\(String($0.upperBound, radix: 16))"
                }
                throw Failure(
                    .badData,
                    "the memory from 0x\(String(address, radix: 16)) on, \(count) bytes, is not in the snapshot",
                    hint: "the guest has memory at \(places.joined(separator: " and "))"
                )
            }
            try output.write(file.write == nil ? Array(MemoryRange.dump(bytes, at: address).utf8) : bytes)
            address += UInt64(count)
            left -= UInt64(count)
        }
        try output.finish()
    }
}

/// Some bytes of physical memory, written as `ADDRESS+LENGTH`.
struct MemoryRange {
    /// How many bytes are handled at once; whole lines of a dump.
    static let piece = 1 << 20

    let address: UInt64
    let length: UInt64

    /// Bytes as hexadecimal and as characters, sixteen a line, as `hexdump -C` has them.
    static func dump(_ bytes: [UInt8], at address: UInt64) -> String {
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let line = bytes[start..<min(start + 16, bytes.count)]
            let digits = line.map { String(format: "%02x", $0) }.joined(separator: " ")
            let characters = line.map { (0x20..<0x7f).contains($0) ? String(UnicodeScalar($0)) : "." }
                .joined()
            let place = String(format: "%010llx", address + UInt64(start))
            text +=
                "\(place)  \(digits.padding(toLength: 47, withPad: " ", startingAt: 0))  |\(characters)|\n"
        }
        return text
    }
}

extension MemoryRange: ExpressibleByArgument {
    /// Reads `0x1000+4K`.
    init?(argument: String) {
        let parts = argument.split(separator: "+", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let digits = parts[0]
        let address = digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
        let length =
            parts[1].hasPrefix("0x")
            ? UInt64(parts[1].dropFirst(2), radix: 16) : ByteSize(String(parts[1]))?.bytes
        guard let address, let length, length > 0, !address.addingReportingOverflow(length).overflow else {
            return nil
        }
        self.init(address: address, length: length)
    }
}
