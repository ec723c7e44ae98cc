import ArgumentParser
import Foundation
import Glibc
import HostSupport
import Replays
import Traces

struct TraceConsoleCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "Print what a guest wrote to its serial ports while it was recorded",
        discussion: """
            The guest may have written anything: on a terminal, control characters are shown as such. Written to a file \
            or a pipe, the bytes are the guest's.

            Examples:
              $ pandacap trace console RUN-ID
              $ pandacap trace console RUN-ID --port com2 --write agent.txt
              $ pandacap trace console RUN-ID --input
            """
    )

    @OptionGroup var trace: TraceOptions

    @Option(help: ArgumentHelp("The port: com1 to com4, or its number such as 0x3f8.", valueName: "port"))
    var port: SerialPort?

    @Flag(help: "What the guest read instead.")
    var input = false

    @OptionGroup var file: WriteOptions
    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        try await trace.withSource(console) { source in
            let item = try source.single()
            let opened = try OpenedLog(item)
            for problem in opened.problems { console.warning(problem) }
            let traffic = SerialReport(opened, wanted: port, isOutput: !input)
            if global.json {
                try print(traffic)
                return 0
            }
            guard let chosen = traffic.ports.first else {
                let port = port.map { "the port \($0.name)" } ?? "a serial port"
                console.step("the guest \(input ? "read" : "wrote") nothing \(input ? "from" : "to") \(port)")
                return 0
            }
            if traffic.ports.count > 1 {
                let names = traffic.ports.map { "\($0.port) (\($0.bytes) bytes)" }.joined(separator: ", ")
                console.step("of the ports \(names) this is \(chosen.port); choose another with --port")
            }
            guard file.write == nil, isatty(STDOUT_FILENO) == 1 else {
                var output = try file.open()
                try output.write(Array(chosen.data))
                try output.finish()
                return 0
            }
            try StandardStream.output.write(chosen.printable + "\n")
            return 0
        }
    }
}

/// What went through the serial ports.
private struct SerialReport: Report {
    struct Port: Encodable {
        let port: String
        let bytes: Int
        let firstInstruction: UInt64
        let lastInstruction: UInt64
        /// As text, where what is not UTF-8 is U+FFFD.
        let text: String
        let data: Data

        var printable: String {
            text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                .map { Console.printable(String($0)) }
                .joined(separator: "\n")
        }
    }

    let direction: String
    let ports: [Port]

    init(_ opened: OpenedLog, wanted: SerialPort?, isOutput: Bool) {
        var found: [SerialPort: (first: UInt64, last: UInt64, data: [UInt8])] = [:]
        opened.log.readSound(limits: opened.limits) { entry in
            guard let byte = SerialByte(entry), byte.isOutput == isOutput,
                wanted == nil || byte.port == wanted
            else { return }
            found[byte.port, default: (entry.instructionCount, 0, [])].last = entry.instructionCount
            found[byte.port]?.data.append(byte.value)
        }
        direction = isOutput ? "output" : "input"
        ports = found.sorted { $0.value.first < $1.value.first }.map { port, traffic in
            Port(
                port: port.name,
                bytes: traffic.data.count,
                firstInstruction: traffic.first,
                lastInstruction: traffic.last,
                text: String(decoding: traffic.data, as: UTF8.self),
                data: Data(traffic.data)
            )
        }
    }

    var text: String { ports.map(\.printable).joined(separator: "\n") }
}
