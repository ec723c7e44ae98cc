import Bootstrap
import Containers
import Foundation
import HostSupport
import QMP
import RunRecords

extension RunningGuest {
    /// Has the guest run the user's bundle; its agent does not listen any more afterwards.
    ///
    /// - Parameter bundle: The bundle, which has been rendered.
    /// - Returns: What the guest said.
    /// - Throws: `Failure` where the guest does not take it; `CancellationError`.
    func run(_ bundle: BundlePlan) async throws -> RunRecord.Bootstrap {
        let limit = Duration.seconds(bundle.seconds)
        switch bundle.delivery {
        case .archive:
            let archive = try await SerialArchive(folder: plan.runtime.renderedGuest)
                .pack(into: plan.runtime.bundleArchive)
            return try await agent.handOver(archive, as: .bootstrap, within: limit)
        case .volume:
            try await BootstrapVolume.make(plan.runtime.bundleDisk, from: plan.runtime.renderedGuest)
            try plan.container?.handOver(plan.runtime.bundleDisk)
            try await plugIn(plan.runtime.bundleDisk)
            let said = try await agent.runVolume(within: limit)
            try await unplug()
            return said
        case .volumeAtBoot:
            let said = try await agent.result(within: limit)
            try await unplugBootVolume()
            return said
        }
    }

    /// Takes the disk away that was there when the guest booted, and which must not be there while it is recorded.
    func unplugBootVolume() async throws {
        // The guest's own script lets go of the disk after it has told us that it is done.
        try await Task.sleep(for: .seconds(3))
        try await unplug()
    }

    private func plugIn(_ disk: HostPath) async throws {
        let path = EngineArguments.value(disk)
            .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let drive = "if=none,id=bootstrap,format=raw,file=\(path)"
        let answers = [
            try await control.humanMonitorCommand("drive_add 0 \"\(drive)\""),
            try await control.humanMonitorCommand("device_add usb-storage,id=bootstrap,drive=bootstrap"),
        ].map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        guard answers == ["OK", ""] else {
            throw Failure(
                .unavailable,
                "the engine does not plug the bundle's disk in: "
                    + Console.printable(answers.joined(separator: " ")),
                hint: "its machine needs a USB controller, which guests with a disk have"
            )
        }
    }

    private func unplug() async throws {
        let answer = try await control.humanMonitorCommand("device_del bootstrap")
        guard answer.allSatisfy(\.isWhitespace) else {
            throw Failure(
                .unavailable,
                "the engine does not let go of the bootstrap disk: \(Console.printable(answer))"
            )
        }
        try FileSystem.remove(plan.runtime.bundleDisk)
    }
}
