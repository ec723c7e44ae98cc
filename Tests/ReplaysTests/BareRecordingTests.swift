import Foundation
import HostSupport
import Replays
import RunRecords
import TestSupport
import Testing

@Suite struct BareRecordingTests {
    /// The end of a snapshot with some devices.
    private func snapshot(_ names: [String]) -> Data {
        func big(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        var seen: [String: UInt32] = [:]
        let sections = names.enumerated().map { number, name in
            let instance = seen[name, default: 0]
            seen[name] = instance + 1
            return [0x04] + big(UInt32(number + 2)) + [UInt8(name.utf8.count)] + Array(name.utf8)
                + big(instance)
                + big(3)
        }
        return Data(sections.joined())
    }

    @Test func itsPortsAreThoseOfTheSnapshot() async throws {
        try await withScratch { folder in
            for (names, ports, usb) in [
                (["timer", "serial", "serial", "0000:00:01.2/uhci"], 2, true),
                (["timer", "cpu_common"], 0, false),
                (["cpu"], 1, false), ([], 1, false),
            ] {
                try FileSystem.write(snapshot(names), to: folder / "a b-rr-snp")
                let recording = try BareRecording(
                    (folder / "a b").string,
                    architecture: .i386,
                    memory: .mebibytes(64),
                    networkDevice: ["-device", "pcnet,netdev=net0"]
                )
                #expect(recording.machine.serialPorts == ports && recording.machine.usb == usb, "\(names)")
                #expect(recording.machine.memory == .mebibytes(64) && recording.machine.architecture == .i386)
                #expect(recording.machine.networkDevice == ["-device", "pcnet,netdev=net0"])
            }
        }
    }

    @Test func itMayBeNamedByItsFiles() async throws {
        try await withScratch { folder in
            try FileSystem.write("", to: folder / "x-rr-snp")
            for name in ["x", "x-rr-snp", "x-rr-nondet.log"] {
                let recording = try BareRecording(
                    (folder / name).string,
                    architecture: .arm,
                    memory: .mebibytes(64)
                )
                #expect(recording.prefix == folder / "x")
            }
            for name in ["y", "", "-rr-snp", "x-rr"] {
                let failure = #expect(throws: Failure.self) {
                    try BareRecording((folder / name).string, architecture: .arm, memory: .mebibytes(64))
                }
                #expect(failure?.code == .notFound)
            }
        }
    }
}
