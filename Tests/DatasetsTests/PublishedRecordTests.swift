import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Datasets

@Suite("A record as it is published") struct PublishedRecordTests {
    private func record() throws -> RunRecord {
        var record = RunRecord(
            id: try RunID(named: "one"),
            version: "1",
            image: .init(name: "tiny", digest: "d", disk: "/home/alice/disks/secret.qcow2"),
            engine: .init(program: "/home/alice/panda/libpanda-i386.so", version: "2.9.1", sha256: "s"),
            machine: Machine(
                architecture: .i386,
                memory: .mebibytes(64),
                extraArguments: ["-device", "loader,file=/home/alice/x y.bin,addr=0"]
            ),
            command: LaunchCommand(
                executable: "/home/alice/bin/panda-guard",
                arguments: [
                    "--writable", "/home/alice/t r/runs/one/rr", "--input", "9=/srv/images/a.state", "-qmp",
                    "unix:/tmp/pandacap-0/AB/s/qmp,server,nowait", "-append", "root=/dev/sda init=/sbin/init",
                ],
                environment: ["LD_LIBRARY_PATH": "/home/alice/lib:/home/alice/plugins"],
                workingDirectory: "/home/alice/t r/runs/one/rr"
            ),
            confined: true,
            egress: false,
            forwards: [],
            trigger: .command,
            bundle: .init(
                folder: "/home/alice/bundle",
                digest: "b",
                settings: ["PATH": "/usr/bin"],
                added: [:],
                scripts: []
            )
        )
        record.warnings = [
            "cannot read /home/alice/traces/x.log: no room on '/home/alice'", "see http://10.0.2.2/x",
        ]
        record.commands = [.init(arguments: ["ls", "/etc"])]
        record.recordings = ["a", "b"].map { Recording(name: $0, structure: .complete) }
        return record
    }

    @Test("has no path of the host, keeps the guest's, and one recording, and is a record still")
    func published() throws {
        let json = try PublishedRecord.json(of: try record(), recording: "b")
        let text = String(decoding: json, as: UTF8.self)
        #expect(!text.contains("/home") && !text.contains("/srv") && !text.contains("/tmp"))
        let published = try JSONText.decode(RunRecord.self, from: json, source: "json")
        #expect(published.recordings.map(\.name) == ["b"])
        #expect(published.commands.first?.arguments == ["ls", "/etc"])
        #expect(published.bundle?.settings == ["PATH": "/usr/bin"])
        #expect(published.engine.program == "libpanda-i386.so" && published.image.disk == "secret.qcow2")
        #expect(
            published.command.arguments == [
                "--writable", "rr", "--input", "9=a.state", "-qmp", "unix:qmp,server,nowait", "-append",
                "root=/dev/sda init=/sbin/init",
            ]
        )
        #expect(published.command.environment == ["LD_LIBRARY_PATH": "lib:plugins"])
        #expect(published.machine.extraArguments == ["-device", "loader,file=x y.bin,addr=0"])
        #expect(published.warnings == ["cannot read x.log: no room on 'alice'", "see http://10.0.2.2/x"])
    }

    @Test("no text keeps a path that begins at the root", arguments: 0..<200)
    func property(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let words = (0..<8).map { _ in random.nastyText() }
        for (kind, ends) in [(HostPathScrubber.Kind.argument, ","), (.list, ":"), (.prose, " ")] {
            let text = words.joined(separator: ends + "/home/secret-\(seed)/leaf" + ends)
            let scrubbed = HostPathScrubber.scrub(text, kind)
            #expect(!scrubbed.contains("secret-\(seed)"), "\(text)")
            #expect(!scrubbed.contains("/home"), "\(text)")
        }
    }

    @Test(
        "what is no path stays",
        arguments: ["http://10.0.2.2:8080/", "24/7", "and/or", "../console.log", "a", "", "x=1,y=2"]
    )
    func others(text: String) {
        for kind in [HostPathScrubber.Kind.argument, .list, .prose] {
            #expect(HostPathScrubber.scrub(text, kind) == text)
        }
    }
}
