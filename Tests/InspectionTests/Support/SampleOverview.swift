import Traces

@testable import Inspection

/// A generator with a seed, so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        let mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        return mixed ^ (mixed >> 31)
    }
}

/// Logs with something of everything, made by chance.
enum SampleOverview {
    /// What a log of some entries tells.
    ///
    /// - Parameters:
    ///   - count: How many entries there are, besides the end.
    ///   - step: How many guest instructions lie between two at the most.
    ///   - seed: What the chance begins with.
    ///   - slices: How many slices its instructions are cut into.
    /// - Returns: What it tells.
    /// - Throws: `TraceFormatError` where the log cannot be made.
    static func make(entries count: Int, step: UInt64, seed: UInt64, slices: Int = 400) throws
        -> TraceOverview
    {
        var random = SeededGenerator(state: seed)
        var writer = NondetLogWriter()
        var instruction: UInt64 = 0
        var ticks: UInt64 = 1_000_000
        for _ in 0..<count {
            instruction =
                instruction.addingReportingOverflow(.random(in: 0...step, using: &random)).partialValue
            if instruction < writer.instructionCount { instruction = writer.instructionCount }
            ticks &+= .random(in: 0...40_000_000, using: &random)
            try append(to: &writer, at: instruction, ticks, &random)
        }
        try writer.finish(at: instruction)
        return TraceOverview(of: NondetLog(bytes: writer.bytes), slices: slices)
    }

    private static func append(
        to writer: inout NondetLogWriter,
        at instruction: UInt64,
        _ ticks: UInt64,
        _ random: inout SeededGenerator
    ) throws {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: try writer.append(.input8(ticks), at: instruction, callsite: .readTimeStampCounter)
        case 1: try writer.append(.input4(14), at: instruction, callsite: .interruptNumber)
        case 2:
            let isRead = Bool.random(using: &random)
            try writer.append(
                .skippedCall(
                    .hardDriveTransfer(
                        kind: isRead ? .diskToMemory : .memoryToDisk,
                        source: 4096,
                        destination: 8192,
                        count: .random(in: 0 ... .max, using: &random)
                    )
                ),
                at: instruction
            )
        case 3:
            try writer.append(
                .skippedCall(.packet(hostPointer: 1, direction: .sent)),
                at: instruction,
                data: frame(port: .random(in: 0...400, using: &random))
            )
        case 4:
            try writer.append(
                .skippedCall(.serialWrite(fifo: 1, port: 0x3f8, value: 65)),
                at: instruction
            )
        default: try writer.append(.input1(3), at: instruction, callsite: .ioRead)
        }
    }

    /// A frame of TCP from 10.0.2.15.
    private static func frame(port: UInt16) -> [UInt8] {
        let ethernet: [UInt8] = [0x52, 0x55, 10, 0, 2, 2, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 8, 0]
        let head: [UInt8] = [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 2, 15, 10, 0, 2, 2]
        return ethernet + head + [0, 22, UInt8(port >> 8), UInt8(port & 0xff)]
            + [UInt8](repeating: 0, count: 16)
    }
}

extension ReportSection {
    /// A section of nothing but a log.
    static func sample(
        _ overview: TraceOverview,
        name: String = "session_000",
        parts: SnapshotParts? = nil
    ) -> ReportSection {
        ReportSection(
            name: name,
            overview: overview,
            times: RecordingTimes(overview.clock, files: RecordingFiles(prefix: "/nowhere"), recording: nil),
            snapshot: nil,
            parts: parts
        )
    }

    /// The figure with a title.
    func figure(_ title: String) -> ReportFigure? { figures.first { $0.title == title } }
}
