import ArgumentParser
import Capture
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Commands

/// The defects of the original's wrapper that can be shown without an engine; EndToEndTests has those that cannot.
@Suite("Defects of the original") struct OriginalDefectTests {
    private func parse<Command: ParsableCommand>(_ line: [String]) throws -> Command {
        try #require(try Root.parseAsRoot(OriginalCommandLine.arranged(line)) as? Command)
    }

    @Test("D1: it started on no Python newer than 3.9; this is no Python")
    func d1() throws {
        let _: OriginalRecordCommand = try parse(["-v", "rec"])
        let _: OriginalReplayCommand = try parse(["-v", "repl"])
        let _: OriginalMaintainCommand = try parse(["-v", "maint"])
    }

    @Test("D3: how the engine ended was lost; it is in the exit code")
    func d3() throws {
        var record = try plannedRecord(trigger: .guest)
        try record.become(.failed, because: "nothing was recorded")
        #expect(RecordExitCode.of(record, .engineDied(.exited(7))) == 71)
        #expect(RecordExitCode.of(record, .engineDied(.signalled(6))) == 71)
        #expect(RecordExitCode.of(record, .guestEnded) == 76)
        #expect(RecordExitCode.of(record, .interrupted) == 130)
    }

    @Test("D4: without a forwarded port the network was missing; it is always there")
    func d4() throws {
        let machine = Machine(architecture: .i386, memory: .mebibytes(512))
        let words = machine.arguments(.init(serialPorts: [], networkOptions: []))
        #expect(values(of: "-netdev", in: words) == ["user,id=net0"])
        #expect(values(of: "-device", in: words) == ["e1000,netdev=net0"])
    }

    @Test("D5: --os, --plog, -o and --docker-workdir had no effect; they have")
    func d5() throws {
        let command: OriginalRecordCommand = try parse([
            "-o", "/", "--docker-image", "p", "--docker-workdir", "/w", "rec", "--os", "linux-32-a:b",
            "--plog", "p",
        ])
        #expect(try command.system.systemArguments() == ["-os", "linux-32-a:b"])
        #expect(try command.system.logArguments(in: "/r") == ["-pandalog", "/r/p"])
        #expect(command.original.collection == "/")
        let words = try containerWords(["--docker-image", "p", "--docker-workdir", "/w"])
        #expect(values(of: "--workdir", in: words) == ["/w"])
    }

    @Test("D6: an unknown scope ended in a KeyError; it is named")
    func d6() {
        let line = ["--port-fwd", "22:2200:x:tcp", "rec"]
        let error = #expect(throws: (any Error).self) {
            try Root.parseAsRoot(OriginalCommandLine.arranged(line))
        }
        let message = error.map { Root.fullMessage(for: $0) } ?? ""
        #expect(message.contains("has the scope 'x', which is neither 'l' nor '*'"))
        #expect(error.map { Root.exitCode(for: $0).rawValue } == 64)
    }

    @Test("D7: maint in a container ended in an AttributeError; it is planned")
    func d7() throws {
        let command: OriginalMaintainCommand = try parse(["--docker-image", "p", "maint"])
        #expect(command.docker.image == "p")
        let mounts = values(
            of: "--mount",
            in: try containerWords(["--docker-image", "p"], written: ["/disks/a b.qcow2"])
        )
        #expect(mounts.contains("type=bind,src=/disks/a b.qcow2,dst=/disks/a b.qcow2"))
    }

    @Test("D8: repl was not implemented; it is")
    func d8() throws {
        let command: OriginalReplayCommand = try parse(["-m64", "repl", "--rr", "a", "--panda", "b"])
        #expect(command.rr == "a" && command.system.panda == "b" && command.original.memory == .mebibytes(64))
    }

    @Test("D9: a path with spaces became several arguments; it is one")
    func d9() throws {
        let command: OriginalRecordCommand = try parse([
            "-d", "a b/it's.qcow2", "rec", "--usbdisk", "c \"d\"",
        ])
        #expect(command.original.disk == "a b/it's.qcow2" && command.usbDiskFolder == "c \"d\"")
        let mounts = values(of: "--mount", in: try containerWords(["--docker-image", "p"]))
        #expect(mounts.allSatisfy { $0.hasPrefix("type=bind,src=/") })
    }

    @Test("D10: without -M rr: traces were lost in the container; the run's own folder is mounted")
    func d10() async throws {
        let own = values(of: "--mount", in: try containerWords(["--docker-image", "p"]))
        #expect(own.contains("type=bind,src=/c/runs/x/rr,dst=/opt/panda/share/rr"))
        try await withScratch { folder in
            let real = try #require(FileSystem.resolved(folder))
            let named = values(
                of: "--mount",
                in: try containerWords(["--docker-image", "p", "-M", "rr:\(folder)"])
            )
            #expect(named.contains("type=bind,src=\(real),dst=/opt/panda/share/rr"))
            #expect(named.contains("type=bind,src=/c/runs/x/rr,dst=/c/runs/x/rr"))
        }
    }

    @Test("D11: --docker-port-fwd led the wrong way; FROM is the container's port, TO the host's")
    func d11() throws {
        let words = try containerWords([
            "--docker-image", "p", "--docker-port-fwd", "80:8080:*:tcp", "--docker-port-fwd",
            "40000:2200:l:tcp",
        ])
        // The guest's port 22 is the container's 40000, and so the host's 2200.
        #expect(values(of: "--publish", in: words) == ["0.0.0.0:8080:80/tcp", "127.0.0.1:2200:40000/tcp"])
        let own = try containerWords(["--docker-image", "p"])
        #expect(values(of: "--publish", in: own) == ["127.0.0.1:40000:40000/tcp"])
    }
}
