import Capture
import Foundation
import HostSupport
import RunRecords
import TestSupport
import Testing

@testable import Fleets

@Suite("A fleet's file")
struct FleetFileTests {
    private static let least = "schema: 1\nname: f\nimage: tiny\nslots: 2\n"
    private static let host = FleetPlan.Host(processors: 4, memory: .mebibytes(4096))

    private func plan(_ text: String) throws -> FleetPlan {
        FleetPlan(try FleetFile.parse(text, source: "f.yaml"), in: "/srv", host: Self.host)
    }

    @Test("needs four keys, and has safe defaults for all others")
    func defaults() throws {
        let plan = try plan(Self.least)
        #expect(plan.collection == "/srv/traces")
        #expect(plan.trigger == .guest && plan.recordings == 1 && plan.limits == StopRules())
        #expect(plan.slots.map(\.forward.hostPort) == [0, 0])
        #expect(plan.slots.allSatisfy { $0.forward.guestPort == 22 && $0.forward.isLocal })
        #expect(plan.guest.egress == nil && plan.metricsPort == nil)
        #expect(plan.startsAtOnce == 4 && plan.verifiers == 2)
    }

    @Test("gives the first slots their own ports, and the others those above a base")
    func ports() throws {
        let text =
            Self.least.replacing("slots: 2", with: "slots: 5")
            + "ports: {guest: 2222, scope: all, first: [22, 2200, 2222], base: 2300}\n"
        let forwards = try plan(text).slots.map(\.forward)
        #expect(forwards.map(\.hostPort) == [22, 2200, 2222, 2303, 2304])
        #expect(forwards.allSatisfy { $0.guestPort == 2222 && !$0.isLocal })
    }

    private static let full = """
        schema: 1
        name: all
        collection: ../out
        image: tiny
        memory: 64M
        hostname: web
        cold: true
        readyTimeout: 5m
        bootstrap: ssh-honeypot
        bootstrapTimeout: 30s
        set: {VM_USER: ada}
        add: [a.txt]
        plugins: [unigrams]
        egress: {allow: [192.0.2.1:80]}
        slots: 3
        trigger: serial
        serial: {start: "login:", stop: bye}
        recordings: 4
        limits: {recording: 30m, idle: 90s, log: 1G, period: 1h, wait: 1d}
        budget: {disk: 10G, reserve: 1G, memory: 1G}
        starts: {stagger: 0.5s, atOnce: 3, pause: 2s, longestPause: 1m, breaker: 9}
        verifiers: 0
        metricsPort: 9464
        """

    @Test("reads every key")
    func everyKey() throws {
        let file = try FleetFile.parse(Self.full, source: "f.yaml")
        let plan = FleetPlan(file, in: "/srv/fleets", host: Self.host)
        #expect(file.serial == SerialWords(start: "login:", stop: "bye"))
        #expect(file.limits?.wait?.duration == .seconds(86400))
        #expect(plan.collection == "/srv/fleets/../out" && plan.breakerLimit == 9)
        #expect(plan.staggerSeconds == 0.5 && plan.longestPauseSeconds == 60)
        // What is written is what was read: StrictYAML finds unknown keys by that.
        let again = try JSONDecoder().decode(FleetFile.self, from: JSONEncoder().encode(file))
        #expect(again == file)
    }

    @Test(
        "names the line and the key of what is wrong",
        arguments: [
            ("slots: 0", "f.yaml:4: field 'slots' must be 1 to 4096: 0"),
            ("slots: 2\nslot: 1", "f.yaml:5: unknown key 'slot'"),
            ("slots: many", "f.yaml:4"),
            ("slots: 2\ntrigger: command", "f.yaml:5: field 'trigger' 'command' is what campaigns are for"),
            ("slots: 2\ntrigger: serial", "f.yaml:5: field 'trigger'"),
            ("slots: 2\nserial: {start: x}", "f.yaml:5: field 'serial'"),
            ("slots: 2\ntrigger: at-once", "needs a limit"),
            ("slots: 2\nports:\n  first: [22, 22]", "f.yaml:6: field 'ports.first[1]' is given twice: 22"),
            ("slots: 2\nports:\n  base: 65535", "f.yaml:6: field 'ports.base' leaves no port"),
            ("slots: 2\nports:\n  first: [2301]\n  base: 2300", "gives the port 2301 to two slots"),
            ("slots: 2\nlimits:\n  idle: soon", "'soon' is no length of time"),
            ("slots: 2\negress: some", "'some' is neither 'denied' nor 'open'"),
            ("slots: 2\nmemory: 1G\nbudget:\n  memory: 1G", "is less than the 2.0 GiB of 2 machines"),
            (
                "slots: 2\negress:\n  allow: [192.0.2.1, example]",
                "f.yaml:6: field 'egress.allow[1]' cannot be"
            ),
            ("slots: 2\nset: {A: b}", "f.yaml:5: field 'set' is for a bundle"),
            ("slots: 2\nname: ../x", "these keys are given twice: name"),
        ]
    )
    func findings(_ lines: String, _ words: String) throws {
        let text = Self.least.replacing("slots: 2", with: lines)
        let failure = #expect(throws: Failure.self) { try FleetFile.parse(text, source: "f.yaml") }
        #expect(failure?.code == .configuration)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
    }

    @Test("agrees with its published schema, as the honeypots' file does")
    func schema() async throws {
        let root = try Installation.locate().root
        try await withScratch { folder in
            let honeypots = try FileSystem.readText(root / "fleets/ssh-honeypot.yaml")
            let plan = FleetPlan(
                try FleetFile.parse(honeypots, source: "ssh-honeypot.yaml"),
                in: root / "fleets",
                host: Self.host
            )
            #expect(plan.slots.map(\.forward.hostPort) == [22, 2200, 2222])
            let bad = [
                "slots: 0", "slots: 2\nslot: 1", "slots: many", "slots: 2\ntrigger: command",
                "slots: 2\nlimits:\n  idle: soon", "slots: 2\negress: some", "slots: 2\nmetricsPort: 0",
            ].map { Self.least.replacing("slots: 2", with: $0) }
            let wrongly = try await SchemaCheck(schema: root / "docs/fleet.schema.json", folder: folder)
                .accepted(good: [Self.least, Self.full, honeypots], bad: bad)
            #expect(wrongly.isEmpty, "\(wrongly)")
            for text in bad { #expect(throws: Failure.self) { try FleetFile.parse(text, source: "f.yaml") } }
        }
    }

    @Test("its keys are all in the guide and in the schema")
    func documented() throws {
        let root = try Installation.locate().root
        let guide = try FileSystem.readText(root / "docs/fleets.md")
        let schema = try FileSystem.readText(root / "docs/fleet.schema.json")
        let file = try FleetFile.parse(Self.full, source: "f.yaml")
        let object =
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(file)) as? [String: Any] ?? [:]
        #expect(object.count > 20)
        for key in object.keys {
            #expect(guide.contains("`\(key)`") || guide.contains("`\(key)."), "\(key)")
            #expect(schema.contains("\"\(key)\":"), "\(key)")
        }
    }

    @Test("systemd takes the unit that is shipped")
    func unit() async throws {
        let unit = try FileSystem.readText(try Installation.locate().root / "systemd/pandacap-fleet@.service")
        try await withScratch { folder in
            // The program and its user are those of an installation.
            let here = unit.replacing("/usr/local/bin/pandacap", with: "/bin/true")
                .replacing("User=pandacap", with: "User=root")
            let file = folder / "pandacap-fleet@x.service"
            try FileSystem.write(here, to: file)
            let tool = Tool("systemd-analyze", package: "systemd")
            let good = try await tool.output(["verify", "--man=no", file.string])
            #expect(
                good.status == .exited(0) && !good.standardError.contains(file.name),
                "\(good.standardError)"
            )
            try FileSystem.write(here.replacing("KillMode=", with: "KilMode="), to: file)
            let bad = try await tool.output(["verify", "--man=no", file.string])
            #expect(bad.standardError.contains("KilMode"))
        }
    }

    @Test("collects all findings, and refuses another layout at once")
    func allFindings() throws {
        let failure = #expect(throws: Failure.self) {
            try FleetFile.parse(
                "schema: 1\nname: ../x\nimage: tiny\nslots: 0\nrecordings: 0\n",
                source: "f.yaml"
            )
        }
        #expect(failure?.message.split(separator: "\n").count == 3, "\(failure?.message ?? "")")
        let later = #expect(throws: Failure.self) {
            try FleetFile.parse(Self.least.replacing("schema: 1", with: "schema: 2"), source: "f.yaml")
        }
        #expect(later?.message == "f.yaml:1: field 'schema' is 2: this version reads 1")
    }

    @Test("never crashes the reader, whatever is in it")
    func mutations() throws {
        var generator = SystemRandomNumberGenerator()
        let text = Array((Self.least + "limits: {idle: 30s}\nports: {first: [22], base: 2300}\n").utf8)
        for _ in 0..<2000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...4) {
                bytes[Int.random(in: bytes.indices)] = UInt8.random(in: 0x20...0x7E, using: &generator)
            }
            do {
                let file = try FleetFile.parse(String(decoding: bytes, as: UTF8.self), source: "f.yaml")
                _ = FleetPlan(file, in: "/srv", host: Self.host)
            } catch let failure as Failure {
                #expect(failure.message.hasPrefix("f.yaml"), "\(failure.message)")
            }
        }
    }
}
