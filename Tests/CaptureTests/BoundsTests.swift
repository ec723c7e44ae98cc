import Containers
import HostSupport
import PandaEngine
import RunRecords
import TestSupport
import Testing

@testable import Capture

@Suite struct BoundsTests {
    @Test(arguments: [
        (RunRecord.Trigger.login, 1, [], 1), (.login, 3, [], 3), (.command, 2, ["true"], 2),
        (.guest, 1, ["true"], 64),
        (.guest, 100, ["true"], 100), (.guest, 1, [], 1), (.guest, 0, [], 1000), (.connection, 0, [], 0),
        (.atOnce, 1, [], 0),
    ])
    func aGuestBeginsAsManyRecordingsAsSuitTheRun(
        _ trigger: RunRecord.Trigger,
        _ recordings: Int,
        _ command: [String],
        _ limit: Int
    ) {
        var request = CaptureRequest(
            guest: GuestRequest(image: "x"),
            collection: "/c",
            trigger: trigger,
            command: command
        )
        request.recordings = recordings
        #expect(request.guest.bounded(by: request).recordingLimit == limit)
        request.guest.recordingLimit = 7
        #expect(request.guest.bounded(by: request).recordingLimit == 7)
    }

    @Test func anEnginesNetworkIsWhatItsGuestNeeds() throws {
        let forwards = [
            PortForward(guestPort: 22, hostPort: 2200), PortForward(guestPort: 80, hostPort: 8080),
        ]
        var request = GuestRequest(image: "x")
        func network(_ forwards: [PortForward]) -> EngineBounds.Network {
            EngineReach.network(request, forwards)
        }
        #expect(
            network(forwards) == EngineBounds.Network(bind: [2200, 8080], connect: [], hasDatagrams: false)
        )
        let datagrams = PortForward(guestPort: 53, hostPort: 5300, transport: .udp)
        #expect(network([datagrams]) == EngineBounds.Network(bind: [], connect: [], hasDatagrams: true))
        request.egress = .allowed(["192.0.2.1:80-82/tcp", "192.0.2.2:443/tcp"])
        #expect(
            network([]) == EngineBounds.Network(bind: [], connect: [80, 81, 82, 443], hasDatagrams: false)
        )
        request.egress = .allowed(["192.0.2.1:53/udp", "192.0.2.2:443/tcp"])
        #expect(network([]) == EngineBounds.Network(bind: [], connect: [443], hasDatagrams: true))
        for wide in ["192.0.2.1", "192.0.2.1:1-1000/tcp", "192.0.2.1/tcp"] {
            request.egress = .allowed([wide])
            #expect(network([]).connect == nil, "\(wide)")
        }
        request.egress = .open
        #expect(network([]) == EngineBounds.Network(bind: [], connect: nil, hasDatagrams: true))
        request.egress = .denied
        for own in [["-vnc", ":1"], ["-gdb", "tcp::1234"], ["-serial", "telnet:localhost:1,server"]] {
            request.engineArguments = own
            #expect(
                network(forwards) == EngineBounds.Network(bind: nil, connect: nil, hasDatagrams: true),
                "\(own)"
            )
        }
        request.engineArguments = ["-smp", "1"]
        #expect(network([]).connect == [])
    }

    @Test func marksAreReadFromTheEnginesLog() async throws {
        try await withScratch { folder in
            let log = folder / "engine.log"
            #expect(LauncherWords(log: log).marks.isEmpty)
            let noise = String(repeating: "x", count: 3 << 20)
            let refused = "panda-system: the guest gets no further recording: it may begin 3\n"
            let changed = "panda-system: the guest's recording name was changed to 'a'\n"
            let cases: [(String, [RunRecord.Mark])] = [
                ("\(noise)\n\(changed)", [.recordingNameChanged]), (refused + noise, [.tooManyRecordings]),
                (changed + noise + "\n" + refused, [.tooManyRecordings, .recordingNameChanged]),
                ("he said \(refused)", []), (String(refused.dropLast(40)), []), ("\u{FF}\(noise)", []),
            ]
            for (text, marks) in cases {
                try FileSystem.write(text, to: log)
                #expect(LauncherWords(log: log).marks == marks, "\(text.suffix(80))")
            }
        }
    }
}
