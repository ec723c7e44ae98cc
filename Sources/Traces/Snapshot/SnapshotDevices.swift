/// The devices whose state a snapshot has, by the names that QEMU gives them, such as `serial` or `0000:00:03.0/e1000`.
///
/// An engine that is to replay the snapshot needs the same devices. The state of a device does not say how long it is, so
/// the beginnings of sections are looked for in the last bytes of the file; the state of all of a PC's takes some
/// ten thousand.
public struct SnapshotDevices: Sendable, Hashable {
    /// A device.
    public struct Device: Sendable, Hashable {
        /// Its name; a PCI device's begins with its address.
        public let name: String
        /// Its number among those of the same name, from 0.
        public let instance: Int
    }

    /// The devices, in the order of their sections; empty where the snapshot has none but memory and processor.
    public let devices: [Device]

    /// How much of the file's end is looked at, in bytes.
    static let window = 4 << 20
    /// The largest version of a section that is believed.
    private static let newest: UInt32 = 200
    /// The largest number of a device that is believed.
    private static let most: UInt32 = 100
    private static let sectionMarker: UInt8 = 0x04

    /// Looks at the end of the file at `path`; a symbolic link is refused.
    ///
    /// - Throws: ``TraceFormatError`` with code `cannotOpen`, `cannotRead` or `notRegularFile`.
    public init(path: String) throws(TraceFormatError) {
        let file = try RegularFile(path: path)
        let size = file.byteCount
        self.init(tail: try file.read(max(0, size - Self.window)..<size))
    }

    /// Looks for the beginnings of sections: a marker, a number, a name with its length, an instance and a version
    /// (`save_section_header` in QEMU's `migration/savevm.c`).
    init(tail: [UInt8]) {
        devices = tail.withUnsafeBytes { bytes in
            let view = ByteView(bytes)
            var found: [Device] = []
            var last: UInt32?
            var offset = 0
            while offset + 18 <= view.count {
                guard view.byte(at: offset) == Self.sectionMarker,
                    let device = Self.device(at: offset + 5, in: view)
                else {
                    offset += 1
                    continue
                }
                // Sections are numbered upwards; whatever looks like one by chance hardly is.
                let number = view.bigEndian(at: offset + 1, as: UInt32.self)
                if last.map({ number > $0 && number < $0 + 64 }) ?? (number < 64) {
                    found.append(device)
                    last = number
                }
                offset += 5
            }
            return found
        }
    }

    static func device(at offset: Int, in view: ByteView) -> Device? {
        let length = Int(view.byte(at: offset))
        let end = offset + 1 + length
        guard (3...64).contains(length), end + 8 <= view.count else { return nil }
        let name = view.slice(offset + 1..<end)
        guard name.allSatisfy({ (0x21..<0x7f).contains($0) }) else { return nil }
        let instance = view.bigEndian(at: end, as: UInt32.self)
        guard instance < most, view.bigEndian(at: end + 4, as: UInt32.self) < newest else { return nil }
        return Device(name: String(decoding: name, as: UTF8.self), instance: Int(instance))
    }
}
