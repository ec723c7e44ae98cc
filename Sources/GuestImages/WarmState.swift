public import Foundation
import HostSupport
public import RunRecords

/// A booted guest that was saved outside its disk: what `warm/ID.json` of an image says.
///
/// It consists of the machine's state as a QEMU migration stream and, for a guest with a disk, of the overlay that the
/// guest had written to by then. Both are read-only, and any number of runs start from them at once.
public struct WarmState: Sendable, Hashable, Codable {
    /// The version of the format.
    public static let currentSchema = 1

    /// The version of the format.
    public let schema: Int
    /// The state's name, unique in its image.
    public let id: String
    /// The digest of the image that was booted.
    public let imageDigest: String
    /// The engine that saved it.
    public let engine: RunRecord.Engine
    /// The machine.
    public let machine: Machine
    /// When it was saved.
    public let created: Date
    /// How often somebody had logged in before it was saved.
    public let logins: Int
    /// How long the guest took to boot until its ssh server answered, in seconds.
    public let bootSeconds: Double
    /// The machine's state.
    public let stream: GuestImage.File
    /// The size of the machine's state in bytes.
    public let streamBytes: UInt64
    /// What the guest had written to its disk; none where it has none.
    public let disk: GuestImage.File?

    /// Describes a state.
    public init(
        id: String,
        imageDigest: String,
        engine: RunRecord.Engine,
        machine: Machine,
        logins: Int,
        bootSeconds: Double,
        stream: GuestImage.File,
        streamBytes: UInt64,
        disk: GuestImage.File?
    ) {
        schema = Self.currentSchema
        self.id = id
        self.imageDigest = imageDigest
        self.engine = engine
        self.machine = machine
        created = Date()
        self.logins = logins
        self.bootSeconds = bootSeconds
        self.stream = stream
        self.streamBytes = streamBytes
        self.disk = disk
    }

    /// Why a run cannot start from this state; empty where it can.
    ///
    /// The engine's own words for any of these would be "Unknown savevm section" or "Failed to load vmstate".
    ///
    /// - Parameters:
    ///   - image: The image that the run is of.
    ///   - machine: The machine that the run asks for.
    ///   - engine: The SHA-256 digest of the engine that the run uses.
    /// - Returns: Sentences for a person.
    public func obstacles(image: GuestImage, machine: Machine, engine: String) -> [String] {
        var found: [String] = []
        if image.digest != imageDigest { found.append("it was saved of another version of the image") }
        if self.engine.sha256 != engine {
            found.append("it was saved by another engine (\(self.engine.program))")
        }
        if self.machine.architecture != machine.architecture {
            found.append("it is of a \(self.machine.architecture.rawValue) machine")
        }
        if self.machine.memory != machine.memory {
            found.append(
                "it was saved with \(self.machine.memory) of memory, and the run has \(machine.memory)"
            )
        }
        if self.machine.serialPorts != machine.serialPorts || self.machine.usb != machine.usb {
            found.append("it was saved with other ports")
        }
        let (own, others) = (Self.devices(self.machine), Self.devices(machine))
        if own != others {
            let (saved, wanted) = (shellLine(own), shellLine(others))
            found.append("it was saved with the devices '\(saved)', and the run has '\(wanted)'")
        }
        return found
    }

    private static func devices(_ machine: Machine) -> [String] {
        (machine.networkDevice ?? []) + machine.extraArguments
    }
}
