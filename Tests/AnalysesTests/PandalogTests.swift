import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Analyses

@Suite("PANDA's log is read")
struct PandalogTests {
    private let syscalls = FixtureFile.folder / "syscalls.plog"

    @Test("a log of syscalls_logger has the entries that PANDA's own reader finds")
    func syscallLog() throws {
        let log = try Pandalog(syscalls)
        #expect(log.byteCount == 3909)
        #expect(log.chunks.map(\.range) == [128..<3881])
        #expect(log.chunks.map(\.entries) == [164])
        let entries = try Pandalog.entries(syscalls)
        // The first entry tells nothing.
        #expect(entries.count == 163)
        #expect(entries.allSatisfy { $0.kind == "syscall" })
        #expect(
            entries.first?.json
                == #"{"pc":2098538,"instr":61684,"asid":105299968,"syscall":{"pid":187,"ppid":186,"tid":187,"create_time":5474875352,"retcode":0,"call_name":"sys_nanosleep","args":[{"arg_name":"rqtp","ptr":140723193325568},{"arg_name":"rmtp","ptr":0}]}}"#
        )
        #expect(entries.first?.instruction == 61684)
    }

    @Test("a log without a header was not closed, and another file is none")
    func foreign() throws {
        try withFile([]) { #expect(code($0) == .notClosed) }
        try withFile([UInt8](repeating: 0, count: 4096)) { #expect(code($0) == .notClosed) }
        try withFile(Array("SQLite format 3\0".utf8) + [UInt8](repeating: 1, count: 200)) {
            #expect(code($0) == .unknownVersion)
        }
        #expect(code("/nonesuch") == .cannotRead)
        #expect(code("/tmp") == .cannotRead)
    }

    @Test("cut anywhere, it says where and why, and never traps", arguments: ["syscalls", "branches"])
    func cut(name: String) throws {
        let bytes = try FixtureFile.bytes("\(name).plog")
        for count in stride(from: 0, to: bytes.count, by: 13) {
            try withFile(Array(bytes.prefix(count))) { #expect(code($0) != nil, "\(count) bytes") }
        }
    }

    @Test("whatever byte is changed, it is read or refused, in bounded memory")
    func mutations() throws {
        let bytes = try FixtureFile.bytes("branches.plog")
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<300 {
            var changed = bytes
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                let place = Int.random(in: 0..<changed.count, using: &generator)
                changed[place] = UInt8.random(in: .min ... .max, using: &generator)
            }
            try withFile(changed) { path in
                do throws(PandalogError) {
                    #expect(try Pandalog.entries(path).count < 100_000)
                } catch {
                    #expect(!error.description.isEmpty)
                }
            }
        }
    }

    @Test(
        "a directory that promises more than the file has is not believed",
        arguments: [4, 5, 8, 12, 16, 20]
    )
    func directory(offset: Int) throws {
        var bytes = try FixtureFile.bytes("syscalls.plog")
        let directory = 3881
        for place in directory + offset..<directory + offset + 4 where place < bytes.count {
            bytes[place] = 0xff
        }
        try withFile(bytes) { path in
            let code = code(path)
            // First instructions are hints, and nothing goes by them.
            let expected: PandalogError.Code? =
                [4, 5, 8].contains(offset) ? nil : offset == 20 ? .badChunk : .badDirectory
            #expect(code == expected)
        }
    }

    @Test("a directory that leaves a part of the file out is not believed")
    func leftOut() throws {
        let sound = try FixtureFile.bytes("syscalls.plog")
        let directory = 3881
        var later = sound
        later[directory + 12] += 1
        // No chunk, bytes behind the directory, and bytes behind a chunk's end.
        let none = Array(sound[..<directory]) + [0, 0, 0, 0]
        var longer = sound
        longer.insert(0, at: directory)
        longer[8] += 1
        for (bytes, expected) in [
            (later, PandalogError.Code.badDirectory), (none, .badDirectory), (sound + [0], .badDirectory),
            (longer, .badChunk),
        ] {
            try withFile(bytes) { path in
                #expect(code(path) == expected)
                #expect {
                    try Pandalog.entries(path)
                } throws: { error in (error as? PandalogError)?.offset != nil }
            }
        }
    }

    @Test("numbers that no integer of SQLite's holds keep their digits")
    func largeNumbers() throws {
        let tables = PandalogTables(schema: .panda)
        var message = PandalogMessage()
        message.add(.unsigned(0xffff_ffff_8100_0001), to: "asid", isRepeated: false)
        message.add(.unsigned(.max), to: "create_time", isRepeated: false)
        message.add(.unsigned(7), to: "pid", isRepeated: false)
        var fields = PandalogMessage()
        fields.add(.message(message), to: "asid_info", isRepeated: false)
        let entry = PandalogEntry(number: 1, counter: 2, instruction: 3, fields: fields)
        let table = try #require(tables.table(of: "asid_info"))
        let row = try #require(tables.kindRow(of: entry))
        let cells = zip(table.columns, row).filter { $1 != nil }.map { ($0.name, $0.kind, $1) }
        #expect(
            cells.dropFirst(3).map { "\($0.0) \($0.1.rawValue)" } == [
                "pid integer", "create_time text", "asid text",
            ]
        )
        #expect(
            cells.dropFirst(3).map(\.2) == [
                .integer(7), .text("18446744073709551615"), .text("0xffffffff81000001"),
            ]
        )
    }

    @Test("messages of random bytes are read or refused")
    func randomMessages() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            let reader = MessageReader(bytes, schema: .panda)
            do throws(MessageReader.Problem) {
                _ = try reader.read("LogEntry").json
            } catch {
                #expect((0...bytes.count).contains(error.offset))
            }
        }
    }

    @Test("messages in messages have an end")
    func depth() {
        // StructData.members, a NamedData whose struct_data is a StructData, and so on.
        var bytes: [UInt8] = []
        for _ in 0..<200 {
            bytes = [0x7a] + varint(bytes.count) + bytes
            bytes = [0x0a] + varint(bytes.count) + bytes
        }
        #expect(throws: MessageReader.Problem.self) {
            try MessageReader(bytes, schema: .panda).read("StructData")
        }
    }

    @Test("a message of very many fields is refused soon, one of very many values is read soon")
    func many() throws {
        let fields = (1...100_000).flatMap { number -> [UInt8] in varint(number << 3) + [1] }
        #expect(throws: MessageReader.Problem.self) {
            try MessageReader(fields, schema: .panda).read("CallStack")
        }
        let values = [UInt8](repeating: 0, count: 200_000).enumerated().map {
            $0.offset % 2 == 0 ? UInt8(8) : 1
        }
        let message = try MessageReader(values, schema: .panda).read("CallStack")
        guard case .list(let found) = message["addr"] else { throw Failure(.badData, "no list") }
        #expect(found.count == 100_000)
    }

    @Test("fields that the schema does not know keep their numbers, packed ones are taken apart")
    func fields() throws {
        let bytes: [UInt8] = [0x08, 5, 0x52, 4, 0x0a, 2, 7, 8, 0xa2, 0x3f, 1, 0x41, 0xad, 0x3f, 1, 0, 0, 0]
        let message = try MessageReader(bytes, schema: .panda).read("LogEntry")
        #expect(message.json == #"{"pc":5,"call_stack":{"addr":[7,8]},"field_1012":"A","field_1013":1}"#)
    }

    @Test("bytes that are no text stand in hexadecimal, and nothing in them drives a terminal")
    func jsonText() {
        #expect(PandalogValue.bytes([0xff, 0]).json == #"{"hex":"ff00"}"#)
        #expect(PandalogValue.bytes(Array("hi\n".utf8)).json == #""hi\n""#)
        #expect(PandalogValue.text("a\u{1b}[31m\"\\\u{9b}").json == #""a\u001b[31m\"\\\u009b""#)
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<500 {
            let text = generator.nastyText()
            let json = PandalogValue.text(text).json
            #expect(!json.unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) })
            let back = try? JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
            #expect(back as? String == text)
        }
    }

    @Test("exported, it is lines of JSON, or tables of SQLite")
    func export() async throws {
        try await withScratch { folder in
            let lines = folder / "log.jsonl"
            let census = try Pandalog(syscalls).writeLines(to: BufferedOutput(lines.string))
            #expect(census.kinds == ["syscall": 163])
            #expect(try FileSystem.readText(lines).split(separator: "\n").count == 163)
            let database = folder / "log.sqlite"
            _ = try Pandalog(syscalls).writeTables(to: database)
            let calls = try await Tool("sqlite3").run([
                database.string,
                "SELECT count(*), sum(pid = 190) FROM syscall WHERE call_name = 'sys_openat'",
            ])
            #expect(calls == "4|1\n")
            let entries = try await Tool("sqlite3").run([
                database.string, "SELECT kind, pc FROM entries WHERE instr = 61684",
            ])
            #expect(entries == "syscall|0x20056a\n")
            _ = try Pandalog(FixtureFile.folder / "branches.plog").writeTables(to: database)
            let branches = try await Tool("sqlite3").run([
                database.string, "SELECT count(tainted_branch_summary_pc) FROM tainted_branch_summary",
            ])
            #expect(branches == "192\n")
        }
    }

    private func varint(_ value: Int) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 0x7f | 0x80)] + varint(value >> 7)
    }

    private func code(_ path: HostPath) -> PandalogError.Code? {
        do throws(PandalogError) {
            _ = try Pandalog.entries(path)
            return nil
        } catch {
            return error.code
        }
    }

    private func withFile(_ bytes: [UInt8], _ body: (HostPath) throws -> Void) throws {
        let path = HostPath("\(NSTemporaryDirectory())/pandalog-\(UUID().uuidString)")
        defer { try? FileSystem.remove(path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        try body(path)
    }
}
