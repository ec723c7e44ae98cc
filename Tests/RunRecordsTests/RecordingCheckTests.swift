import Foundation
import Glibc
import HostSupport
import RRTrace
import RunRecords
import TestSupport
import Testing

@Suite struct RecordingCheckTests {
    private let machine = Machine(architecture: .x8664, memory: .mebibytes(64))

    /// A log of two entries, and its end where it has one.
    private func log(ended: Bool = true) throws -> Data {
        var writer = NondetLogWriter()
        try writer.append(.input4(1), at: 10)
        try writer.append(.interruptRequest(2), at: 500)
        if ended { try writer.finish(at: 1000) }
        return Data(writer.bytes)
    }

    /// A snapshot of a machine with one block of memory: the head, and the end of the stream.
    private func snapshot(memory: ByteSize = .mebibytes(64)) -> Data {
        func big(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.bigEndian) { Array($0) }
        }
        func named(_ name: String) -> [UInt8] { [UInt8(name.utf8.count)] + Array(name.utf8) }
        var bytes = big(UInt32(0x5145_564D)) + big(UInt32(3)) + [0x01] + big(UInt32(2)) + named("ram")
        bytes += big(UInt32(0)) + big(UInt32(4)) + big(memory.bytes | 4) + named("pc.ram") + big(memory.bytes)
        bytes += big(UInt64(0x10)) + [0x7E] + big(UInt32(2))
        return Data(bytes + [0x7E] + big(UInt32(2)) + [0x00])
    }

    private func put(_ name: String, log: Data?, snapshot: Data?, in folder: HostPath) throws {
        if let log { try FileSystem.write(log, to: folder / "\(name)-rr-nondet.log") }
        if let snapshot { try FileSystem.write(snapshot, to: folder / "\(name)-rr-snp") }
    }

    @Test func aWholeRecordingIsDescribedAndCanBeReplayed() async throws {
        try await withScratch { folder in
            try put("s_000", log: try log(), snapshot: snapshot(), in: folder)
            #expect(try RecordingCheck.names(in: folder) == ["s_000"])
            let recording = try await RecordingCheck.describe("s_000", in: folder, machine: machine)
            #expect(recording.structure == .complete && recording.problem == nil)
            #expect(recording.instructions == 1000 && recording.entries == 3)
            #expect(recording.log?.name == "s_000-rr-nondet.log")
            #expect(recording.log?.bytes == UInt64(try log().count))
            #expect(recording.snapshot?.sha256 == (try await Digest.sha256(folder / "s_000-rr-snp")))
            try RecordingCheck.requireReplayable("s_000", in: folder, machine: machine)
        }
    }

    private struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let structure: Recording.Structure
        let words: String
        let log: @Sendable (Data) -> Data?
        var snapshot: @Sendable (Data) -> Data? = { $0 }
        var memory = ByteSize.mebibytes(64)
    }

    private static let cases = [
        Case(testDescription: "cut", structure: .notEnded, words: "cut after 2 whole entries") {
            $0.dropLast(3)
        },
        Case(testDescription: "junk", structure: .damaged, words: "damaged") { $0 + Data([1, 2, 3]) },
        Case(testDescription: "no log", structure: .damaged, words: "rr-nondet.log") { _ in nil },
        Case(testDescription: "empty log", structure: .notEnded, words: "cut") { _ in Data() },
        Case(
            testDescription: "no snapshot",
            structure: .damaged,
            words: "rr-snp",
            log: { $0 },
            snapshot: { _ in nil }
        ),
        Case(
            testDescription: "cut snapshot",
            structure: .damaged,
            words: "cut",
            log: { $0 },
            snapshot: { $0.dropLast() }
        ),
        Case(
            testDescription: "no snapshot's bytes",
            structure: .damaged,
            words: "QEVM",
            log: { $0 },
            snapshot: { _ in Data("not a snapshot".utf8) }
        ),
        Case(
            testDescription: "other memory",
            structure: .damaged,
            words: "recorded with 64.0 MiB of memory and cannot be replayed with 128.0 MiB",
            log: { $0 },
            memory: .mebibytes(128)
        ),
        Case(
            testDescription: "absurd memory",
            structure: .damaged,
            words: "cannot be replayed with 16.0 EiB",
            log: { $0 },
            memory: ByteSize(bytes: .max)
        ),
    ]

    @Test(arguments: cases)
    private func whatIsNotWholeIsSaid(_ one: Case) async throws {
        try await withScratch { folder in
            try put("s", log: one.log(try log()), snapshot: one.snapshot(snapshot()), in: folder)
            let machine = machine.with(memory: one.memory)
            let recording = try await RecordingCheck.describe("s", in: folder, machine: machine)
            #expect(recording.structure == one.structure)
            #expect(recording.problem?.contains(one.words) == true, "\(recording.problem ?? "no problem")")
            let failure = #expect(throws: Failure.self) {
                try RecordingCheck.requireReplayable("s", in: folder, machine: machine)
            }
            #expect(failure?.code == .badData)
            #expect(failure?.message.contains(one.words) == true)
        }
    }

    @Test func aRecordingThatTheEngineDidNotEndIsNotWhole() async throws {
        try await withScratch { folder in
            try put("s", log: try log(ended: false), snapshot: snapshot(), in: folder)
            #expect(
                try await RecordingCheck.describe("s", in: folder, machine: machine).structure == .notEnded
            )
        }
    }

    /// The folder is the engine's, which a guest may have taken over.
    @Test(arguments: ["s-rr-snp", "s-rr-nondet.log"], ["/dev/zero", "outside", "pipe"])
    func whatWasPlantedIsNeitherReadNorWaitedFor(_ name: String, _ target: String) async throws {
        try await withScratch { scratch in
            let folder = scratch / "rr"
            try FileSystem.createDirectory(folder)
            try put("s", log: try log(), snapshot: snapshot(), in: folder)
            try FileSystem.rename(folder / name, to: scratch / "outside")
            if target == "pipe" {
                try #require(mkfifo((folder / name).string, 0o600) == 0)
            } else {
                try #require(
                    symlink(target == "outside" ? "../outside" : target, (folder / name).string) == 0
                )
            }
            #expect(try RecordingCheck.names(in: folder) == ["s"])
            let recording = try await withDeadline(.seconds(10), "it was not described") {
                try await RecordingCheck.describe("s", in: folder, machine: machine)
            }
            #expect(recording.structure == .damaged)
            #expect((name.hasSuffix("snp") ? recording.snapshot : recording.log) == nil)
        }
    }
}
