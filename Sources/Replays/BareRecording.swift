public import HostSupport
public import RunRecords
import Traces

/// A recording without a run around it, by anybody: two files, and a machine that the user has to name.
public struct BareRecording: Sendable {
    /// The path that the two files' names begin with.
    public let prefix: HostPath
    /// The machine.
    public let machine: Machine

    /// Describes a recording whose machine is known.
    public init(prefix: HostPath, machine: Machine) {
        self.prefix = prefix
        self.machine = machine
    }

    /// Looks for the files; ports that every machine has or lacks are taken from the snapshot.
    ///
    /// - Parameters:
    ///   - name: The recording's path prefix, or one of its two files.
    ///   - architecture: The machine's architecture.
    ///   - memory: The machine's memory.
    ///   - networkDevice: The engine's arguments that make its network device; the e1000 where there are none.
    ///   - extraArguments: Further arguments of the engine that add to the machine.
    /// - Throws: ``HostSupport/Failure`` with `notFound` where there is no such recording, `badData` where its files
    ///   cannot be read.
    public init(
        _ name: String,
        architecture: GuestArchitecture,
        memory: ByteSize,
        networkDevice: [String]? = nil,
        extraArguments: [String] = []
    ) throws {
        let path = FileSystem.absolute(HostPath(name))
        let suffixes = ["", RecordingFiles.snapshotSuffix, RecordingFiles.nondetLogSuffix]
        let prefixes = suffixes.filter { path.name.hasSuffix($0) && path.name != $0 }.map {
            HostPath(String(path.string.dropLast($0.count)))
        }
        let found = prefixes.first { prefix in
            FileSystem.isRegularFile(HostPath(prefix.string + RecordingFiles.snapshotSuffix))
        }
        guard let found else {
            throw Failure(
                .notFound,
                "'\(name)' is no recording: there is no \(path)\(RecordingFiles.snapshotSuffix)",
                hint:
                    "name a run, one of its recordings, or what the names of a recording's two files begin with"
            )
        }
        prefix = found
        let devices: [SnapshotDevices.Device]
        do throws(TraceFormatError) {
            devices = try SnapshotDevices(path: found.string + RecordingFiles.snapshotSuffix).devices
        } catch {
            throw Failure(.badData, "\(error)")
        }
        let hasDevices = devices.contains { $0.name == "timer" || $0.name == "cpu_common" }
        machine = Machine(
            architecture: architecture,
            memory: memory,
            // QEMU's own machine has one.
            serialPorts: hasDevices ? devices.count { $0.name == "serial" } : 1,
            usb: devices.contains { $0.name.hasSuffix("/uhci") },
            extraArguments: extraArguments,
            networkDevice: networkDevice
        )
    }
}
