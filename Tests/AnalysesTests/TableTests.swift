import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Analyses

@Suite("Outputs of plugins become tables")
struct TableTests {
    @Test("processes, of PANDA's log and of the text that asidstory writes without one")
    func processes() async throws {
        try await withScratch { folder in
            let found = try rows(
                of: ProcessTables(),
                in: folder,
                pandalog: FixtureFile.folder / "asidstory.plog"
            )
            let processes = try #require(found["processes"])
            #expect(Set(processes.map { $0["pid"] }) == Set((186...190).map { .integer($0) }))
            let list = try #require(processes.first { $0["pid"] == .integer(189) })
            #expect(list["name"] == .text("ls"))
            #expect(list["parent"] == .integer(188))
            #expect(try #require(found["process_spans"]).count == 47)

            try FileSystem.copy(FixtureFile.folder / "asidstory.txt", to: folder / "asidstory")
            let text = try #require(try rows(of: ProcessTables(), in: folder)["processes"])
            #expect(text.map { $0["pid"] } == [188, 190, 189, 186, 187].map { .integer($0) })
            #expect(text[2]["names"] == .text("ls"))
            #expect(text[2]["asid"] == .text("0x646a000"))
            #expect(text[2]["first"] == .integer(1_470_286))
        }
    }

    @Test("system calls with their arguments, and the files that they are about")
    func syscalls() async throws {
        try await withScratch { folder in
            let log = FixtureFile.folder / "syscalls.plog"
            let calls = try #require(try rows(of: SyscallTables(), in: folder, pandalog: log)["syscalls"])
            #expect(calls.count == 163)
            let open = try #require(calls.first { $0["instr"] == .integer(2_575_077) })
            #expect(open["call"] == .text("openat"))
            #expect(open["result"] == .integer(3))
            #expect(
                open["arguments"]
                    == .text(#"{"dfd":-100,"filename":"/etc/passwd","flags":0,"mode":0}"#)
            )
            let files = try #require(try rows(of: FileTables(), in: folder, pandalog: log)["files"])
            let written = files.filter { $0["call"] == .text("write") && $0["path"] == .text("/tmp/x") }
            #expect(written.map { $0["argument"] } == [.text("fd")])
            #expect(
                files.contains {
                    $0["call"] == .text("openat") && $0["path"] == .text("/tmp/x")
                        && $0["flags"] == .integer(577)
                }
            )
        }
    }

    @Test("branches that depend on the network")
    func branches() async throws {
        try await withScratch { folder in
            let found = try rows(
                of: TaintTables(),
                in: folder,
                pandalog: FixtureFile.folder / "branches.plog"
            )
            let branches = try #require(found["tainted_branches"])
            #expect(branches.count == 192)
            #expect(branches.first?["pc"] == .text("0xffffffff812f34ea"))
            let text = "\"Address\",\"Datum\",\"Labels\"\n0x1,R, NULL\n0x2,,, 100 7\n"
            try FileSystem.write(text, to: folder / "tainted_packets.csv")
            let sent = try #require(try rows(of: TaintTables(), in: folder)["tainted_sent_bytes"])
            #expect(sent.map { $0["byte"] } == [.text("R"), .text(",")])
            #expect(sent.map { $0["labels"] } == [nil, .text("100 7")])
        }
    }

    @Test("basic blocks, whatever the process is called")
    func blocks() async throws {
        try await withScratch { folder in
            let head = "PANDA Build Date,2021-11-30\nExecution Time,2026-11-23T15:15:24Z\nprocess\n"
            let names = "process name,process id,thread id,in kernel,block address,block size\n"
            let lines =
                "(kernel),0,0,1,0xffffffff81c00ef0,11\na,b,\"c,364,365,0,0x7f6ccebe8b70,8\nrubbish\n\u{fffd},1,2,3\n"
            try FileSystem.write(head + names + lines, to: folder / "coverage.csv")
            let found = try #require(try rows(of: CoverageTables(), in: folder)["blocks"])
            #expect(found.map { $0["process"] } == [.text("(kernel)"), .text("a,b,\"c")])
            #expect(found[0]["address"] == .text("0xffffffff81c00ef0"))
            #expect(found[1]["pid"] == .integer(364))

            let spaces = "asid\nasid,in kernel,block address,block size\n0x350e000,1,0xc1919ee8,16\n"
            try FileSystem.write(head.replacing("process\n", with: "") + spaces, to: folder / "mine.csv")
            let plugin = PluginRequest("coverage", ["filename=mine.csv"])
            let byspace = try #require(
                try rows(of: CoverageTables(), in: folder, plugins: [plugin])["blocks"]
            )
            #expect(byspace.map { $0["asid"] } == [.text("0x350e000")])
            // A user's argument, or a link that a plugin made, leads nowhere else.
            let outside = PluginRequest("coverage", ["filename=../mine.csv"])
            #expect(try rows(of: CoverageTables(), in: folder, plugins: [outside]).isEmpty)
        }
    }

    @Test("places at which a text passed")
    func strings() throws {
        let row = try #require(
            StringTables.row(
                "0000000000530c1e ffffffff81a48edc (processID=0x00000000000000bd, threadID=0x00000000000000be, "
                    + "isKernelMode=false)  3"
            )
        )
        #expect(row[0] == .text("0xffffffff81a48edc"))
        #expect(row[1] == .text("0x530c1e"))
        #expect(row[2] == .integer(0xbd))
        #expect(row[4] == .integer(0))
        #expect(row[6] == .integer(3))
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<500 {
            _ = StringTables.row(generator.nastyText())
            _ = CoverageTables.ofProcess(generator.nastyText())
        }
    }

    @Test("events of our own plugin become tables of programs, sockets and files, too")
    func events() async throws {
        try await withScratch { folder in
            let lines = #"""
                {"event":"begin","instr":10,"time":1795676998324347414,"version":1,"kernel":"6.1.0","lacks":[]}
                {"event":"exec","instr":60,"time":1795676998500000000,"pid":21,"tid":21,"comm":"cat","ppid":20,"file":"/bin/cat","path":"/bin/busybox","argv":["cat","a b\n"],"cwd":"/root"}
                {"event":"connect","instr":73,"pid":22,"tid":22,"comm":"head","fd":3,"to":{"family":"inet","address":"10.0.2.2","port":80},"type":"stream","error":115}
                {"event":"file","instr":80,"pid":21,"comm":"cat","path":"/etc/\\xff","read":53,"written":0,"first":65,"last":66}
                {"event":"end","instr":100,"events":4,"dropped":0}

                """#
            try FileSystem.write(lines, to: folder / "events.jsonl")
            let found = try rows(of: EventTables(), in: folder)
            #expect(found["events"]?.count == 5)
            let program = try #require(found["programs"]?.first)
            #expect(program["arguments"] == .text("cat a b^J") && program["parent"] == .integer(20))
            #expect(program["time"] == .number(1_795_676_998.5))
            let socket = try #require(found["sockets"]?.first)
            #expect(socket["named"] == .text("10.0.2.2") && socket["port"] == .integer(80))
            let use = try #require(found["file_uses"]?.first)
            #expect(use["read"] == .integer(53) && use["path"] == .text("/etc/\u{fffd}"))

            try FileSystem.write(lines.replacing("73,", with: "7,"), to: folder / "events.jsonl")
            #expect(throws: Failure.self) { try rows(of: EventTables(), in: folder) }
        }
    }

    @Test("any cells are read as they were written")
    func roundTrip() async throws {
        try await withScratch { folder in
            let table = ResultTable(
                "t",
                "anything",
                [.init("a", .text, "text"), .init("b", .integer, "number"), .init("c", .number, "number")]
            )
            var generator = SeededGenerator(seed: 7)
            let sink = TableSink(folder)
            var written: [[ResultTable.Cell?]] = [[.text(""), nil, nil], [nil, nil, nil]]
            for _ in 0..<500 {
                written.append([
                    .text(generator.nastyText()),
                    .integer(Int64.random(in: .min ... .max, using: &generator)),
                    .number(Double.random(in: -1e9...1e9, using: &generator)),
                ])
            }
            for row in written { try sink.add(row, to: table) }
            #expect(try sink.finish().map(\.rows) == [written.count])
            var reader = try CSVReader(folder / "t.csv", of: table)
            var read: [[ResultTable.Cell?]] = []
            while let row = try reader.next() { read.append(row) }
            #expect(read == written)
        }
    }

    @Test("a table that was changed by hand is refused")
    func damagedTable() async throws {
        try await withScratch { folder in
            let table = ResultTable("t", "", [.init("a", .integer, "")])
            for text in [
                "b\r\n1\r\n", "a\r\nx\r\n", "a\r\n1,2\r\n", "a\r\n\"1", "a\r\n99999999999999999999\r\n",
            ] {
                try FileSystem.write(text, to: folder / "t.csv")
                #expect(throws: Failure.self, "\(text)") {
                    var reader = try CSVReader(folder / "t.csv", of: table)
                    while try reader.next() != nil {}
                }
            }
        }
    }
}
