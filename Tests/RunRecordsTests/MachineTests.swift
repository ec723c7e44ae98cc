import Foundation
import HostSupport
import RunRecords
import Testing

@Suite struct MachineTests {
    private let machine = Machine(
        architecture: .x8664,
        memory: ByteSize(bytes: (64 << 20) + 1),
        extraArguments: ["-device", "ac97"]
    )

    @Test func theArgumentsOfARecording() {
        let wiring = Machine.Wiring(
            serialPorts: ["file:../console.log", "chardev:agent"],
            networkOptions: ["restrict=on", "hostfwd=tcp:127.0.0.1:2200-:22"]
        )
        #expect(
            machine.arguments(wiring) == [
                "-m", "65", "-display", "none", "-monitor", "none",
                "-serial", "file:../console.log", "-serial", "chardev:agent",
                "-netdev", "user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:2200-:22",
                "-device", "e1000,netdev=net0", "-device", "ac97",
            ]
        )
    }

    @Test func theArgumentsOfAReplayMakeTheSameDevicesAndConnectNothing() {
        #expect(
            machine.replayArguments == [
                "-m", "65", "-display", "none", "-monitor", "none", "-serial", "null", "-serial", "null",
                "-netdev", "user,id=net0,restrict=on", "-device", "e1000,netdev=net0", "-device", "ac97",
            ]
        )
    }

    @Test func aUSBControllerIsThereInTheReplay() {
        let machine = Machine(architecture: .i386, memory: .mebibytes(64), usb: true)
        #expect(machine.replayArguments.suffix(3) == ["-device", "e1000,netdev=net0", "-usb"])
        #expect(machine.with(memory: .mebibytes(32)).usb)
    }

    @Test(arguments: [
        ([], []),
        (["-usb", "-device", "usb-mouse", "-cpu", "qemu64"], []),
        (["-incoming", "exec:id"], ["-incoming", "exec:id"]),
        (["-device", "usb-mouse", "-drive", "file=/etc/shadow"], ["-drive", "file=/etc/shadow"]),
        (["-usb", "loose"], ["loose"]),
        (["-device", "-drive"], ["-drive"]),
        (["--device", "usb-mouse"], ["--device", "usb-mouse"]),
    ])
    func whatDoesMoreThanAddADeviceIsNotTrusted(_ given: [String], _ untrusted: [String]) {
        let machine = Machine(architecture: .i386, memory: .mebibytes(64), extraArguments: given)
        #expect(machine.untrustedArguments == untrusted)
    }

    @Test func anotherNetworkDeviceTakesThePlaceOfTheUsualOne() throws {
        let machine = Machine(
            architecture: .i386,
            memory: .mebibytes(64),
            networkDevice: ["-device", "pcnet,netdev=net0"]
        )
        #expect(machine.replayArguments.suffix(2) == ["-device", "pcnet,netdev=net0"])
        #expect(machine.with(memory: .mebibytes(32)).networkDevice == machine.networkDevice)
        #expect(machine.untrustedArguments.isEmpty)
        let other = Machine(
            architecture: .i386,
            memory: .mebibytes(64),
            networkDevice: ["-netdev", "socket,fd=3"]
        )
        #expect(other.untrustedArguments == ["-netdev", "socket,fd=3"])
        // A record of before has no such key.
        let json =
            #"{"architecture":"i386","memory":67108864,"serialPorts":2,"usb":false,"extraArguments":[]}"#
        let former = try JSONText.decode(Machine.self, from: Data(json.utf8), source: "test")
        #expect(former.networkDevice == nil)
    }

    @Test func anotherMemoryChangesNothingElse() {
        let other = machine.with(memory: .mebibytes(128))
        #expect(other.memory == .mebibytes(128))
        #expect(other.replayArguments.dropFirst(2) == machine.replayArguments.dropFirst(2))
        #expect(other.architecture == machine.architecture)
    }

    @Test func architecturesAreOrderedAsDeclaredAndKnowTheirLimits() {
        #expect(GuestArchitecture.allCases.shuffled().sorted() == GuestArchitecture.allCases)
        #expect(GuestArchitecture.allCases.filter(\.hasRecctrl) == [.x8664, .i386, .arm])
        #expect(GuestArchitecture.x8664.debianName == "amd64" && GuestArchitecture.ppc.debianName == nil)
    }
}
